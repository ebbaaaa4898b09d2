package run

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAnAnswerIsShort(t *testing.T) {
	sh, _ := shell(t)
	if text, err := sh.Answer(t.Context(), "sh", "-c", "head -c 4096 /dev/zero | tr '\\0' x"); len(text) != 4096 ||
		err != nil {
		t.Errorf("%d bytes, error %v", len(text), err)
	}
	text, err := sh.Answer(t.Context(), "sh", "-c", "head -c 4097 /dev/zero | tr '\\0' x")
	if text != "" || !errors.Is(err, ErrOutput) || !strings.Contains(err.Error(), "sh: it printed more than 4 KB") {
		t.Errorf("%d bytes, error %v", len(text), err)
	}
}

// A command that goes on after it has printed too much is ended.
func TestTooMuchOutputEndsTheCommand(t *testing.T) {
	sh, _ := shell(t)
	begin := time.Now()
	if _, err := sh.Answer(t.Context(), "sh", "-c", "trap '' PIPE; head -c 5000 /dev/zero; sleep 60"); !errors.Is(err,
		ErrOutput) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestOutputKeepsOtherErrors(t *testing.T) {
	sh, _ := shell(t)
	var failed *Error
	if text, err := sh.Output(t.Context(), "sh", "-c", "echo out; echo err >&2; exit 3"); text != "out\n" ||
		!errors.As(err, &failed) || failed.Code != 3 || failed.Tail != "err\n" {
		t.Errorf("%q, error %v", text, err)
	}
	ctx, stop := context.WithCancelCause(t.Context())
	cause := errors.New("another task failed")
	stop(cause)
	if _, err := sh.Output(ctx, "sh", "-c", "echo"); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

// What is kept for an error can be read and matched: the end, without colors.
func TestTheTailIsPlain(t *testing.T) {
	sh, out := shell(t)
	var failed *Error
	err := sh.Run(t.Context(), "sh", "-c",
		`head -c 60000 /dev/zero | tr '\0' x; printf '\033[31mnpm error\033[0m code E404\n'; exit 1`)
	if !errors.As(err, &failed) || !strings.HasSuffix(failed.Tail, "xnpm error code E404\n") ||
		len(failed.Tail) > tailBytes {
		t.Errorf("error %v, the tail has %d bytes", err, len(failed.Tail))
	}
	if !strings.Contains(out.String(), "\x1b[31mnpm error\x1b[0m") {
		t.Error("the output has no colors")
	}
}
