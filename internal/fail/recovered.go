package fail

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Recovered calls do and returns its error. A panic of do becomes an internal error. Every goroutine needs its own
// call: a panic that leaves a goroutine ends the program, whatever the others do.
func Recovered(do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicError(cause, stack())
		}
	}()
	return do()
}

// Internal returns the error for a defect. name is the name of the program, and issues the URL for reports.
func Internal(err error, name, issues string) error {
	const text = "internal error: %v\n\nThis is a defect of %s or of the machine it runs on. " +
		"Please report it with the whole log:\n    %s"
	return internal{show.Clean(fmt.Sprintf(text, err, name, issues)), err}
}

// internal is the error for a defect, with the text for the log. It wraps the original error.
type internal struct {
	text string
	err  error
}

func (e internal) Error() string { return e.text }
func (e internal) Unwrap() error { return e.err }

const (
	module     = "github.com/tandem-cnb/tandem/"
	maxFrames  = 5   // calls of this module that the report of a panic shows
	maxMessage = 200 // characters of the panic's message, which may quote a file
)

// panicError returns the error for a panic with the value cause. frames are the innermost calls.
func panicError(cause any, frames []string) error {
	message := []rune(fmt.Sprint(cause))
	if len(message) > maxMessage {
		message = append(message[:maxMessage], '…')
	}
	return errors.New(strings.Join(append([]string{"panic: " + string(message)}, frames...), "\n    "))
}

// stack returns the innermost calls of the panic within this module. The rest of the stack is Go's and other modules'.
func stack() (calls []string) {
	counters := make([]uintptr, 100)
	count := runtime.Callers(3, counters) // without Callers, stack and Recovered's defer
	frames := runtime.CallersFrames(counters[:count])
	for len(calls) < maxFrames {
		frame, more := frames.Next()
		name, own := strings.CutPrefix(frame.Function, module)
		if own && !strings.HasPrefix(name, "internal/fail.Recovered") {
			calls = append(calls, fmt.Sprintf("%s (%s:%d)", name, path.Base(frame.File), frame.Line))
		}
		if !more {
			break
		}
	}
	return calls
}
