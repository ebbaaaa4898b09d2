package explain

import (
	"bytes"
	"strings"
	"testing"
)

func TestADefectAsksForAReport(t *testing.T) {
	var errs bytes.Buffer
	code := recovered(&errs, func() int { panic("a defect") })
	for _, want := range []string{
		"internal error: panic: a defect\n    internal/explain.", "defect of Tandem",
		"report it with the whole log:\n    https://", "/issues\n",
	} {
		if code != exitDefect || !strings.Contains(errs.String(), want) {
			t.Errorf("exit code %d, without %q:\n%s", code, want, &errs)
		}
	}
	if code := recovered(&errs, func() int { return exitFails }); code != exitFails {
		t.Errorf("exit code %d", code)
	}
}
