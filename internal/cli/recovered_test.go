package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/explain"
)

func TestADefectAsksForAReport(t *testing.T) {
	var errs bytes.Buffer
	code := recovered(&errs, func() int { panic("a defect") })
	for _, want := range []string{
		"internal error: panic: a defect\n    internal/cli.", "defect of Tandem",
		"report it with the whole log:\n    https://", "/issues\n",
	} {
		if code != explain.ExitDefect || !strings.Contains(errs.String(), want) {
			t.Errorf("exit code %d, without %q:\n%s", code, want, &errs)
		}
	}
	if code := recovered(&errs, func() int { return explain.ExitFails }); code != explain.ExitFails {
		t.Errorf("exit code %d", code)
	}
}
