package run

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestAPanicEndsTheOthers(t *testing.T) {
	sh, _ := shell(t)
	begin := time.Now()
	err := Parallel(t.Context(),
		func(ctx context.Context) error { return sh.Run(ctx, "sleep", "60") },
		func(context.Context) error { panic("a defect") },
	)
	if err == nil || !strings.HasPrefix(err.Error(), "panic: a defect\n") || time.Since(begin) > 2*time.Second {
		t.Errorf("got %v after %s", err, time.Since(begin))
	}
	if _, user := fail.User(err); user {
		t.Error("it counts as the user's error")
	}
}

// Output is written by a goroutine of its own.
func TestAPanicOfTheLogIsAnError(t *testing.T) {
	sh, _ := shell(t)
	sh.Out = broken{}
	for _, command := range []string{"echo x", "echo x; exit 7", "echo x >&2"} {
		if err := sh.Run(t.Context(), "sh", "-c", command); err == nil ||
			!strings.Contains(err.Error(), "panic: a defect\n") {
			t.Errorf("%s: got %v", command, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { panic("a defect") }
