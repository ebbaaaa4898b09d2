package run

import (
	"errors"
	"io"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// limitedWriter keeps what is written until it is too much.
type limitedWriter struct {
	strings.Builder
	most     int
	exceeded func()
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.Len()+len(p) > w.most {
		w.Reset()
		w.most = 0
		w.exceeded()
		return 0, ErrOutput
	}
	return w.Builder.Write(p)
}

// tailWriter passes everything on and keeps the end. A goroutine of package exec writes: a panic of out is defect,
// which is to be read after the command.
type tailWriter struct {
	out    io.Writer
	kept   []byte
	defect error
}

func (t *tailWriter) Write(p []byte) (n int, err error) {
	t.defect = fail.Recovered(func() error { n, err = t.write(p); return nil })
	return n, errors.Join(t.defect, err)
}

func (t *tailWriter) write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*tailBytes {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-tailBytes:]...)
	}
	return t.out.Write(p)
}
