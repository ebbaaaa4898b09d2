package integration

import (
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

func expected(t *testing.T, app string) devenv.Expectation {
	t.Helper()
	e, err := devenv.Expected(app)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// checkPage fetches the page and every asset it names and compares them with what is expected.
func checkPage(t *testing.T, base string, e devenv.Expectation) {
	t.Helper()
	if _, err := e.Check(t.Context(), base); err != nil {
		t.Error(err)
	}
}
