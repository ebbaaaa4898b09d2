package deps

import (
	"bufio"
	"context"
	"fmt"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/tandem-cnb/tandem/internal/archive"
)

// Unpack unpacks the .tar.gz archive at path below dir, without the first strip components of its names. Anything that
// would leave dir is an error that wraps archive.ErrUnsafe.
//
// Measured into memory on two cores, Node.js (58 MB) and CPython (43 MB): klauspost's gzip 1.05 and 0.65 s, the standard
// library's 1.3 and 0.85 s, klauspost's in a goroutine of its own 1.2 and 0.8 s, GNU tar 1.3 and 0.9 s.
func Unpack(ctx context.Context, path, dir string, strip int) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer file.Close()
	content, err := gzip.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", path, err)
	}
	if err := archive.Extract(ctx, content, dir, archive.Options{Strip: strip}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return content.Close()
}
