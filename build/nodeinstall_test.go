package build

import (
	"errors"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestAFixForAFolderIsTypedFromTheRoot(t *testing.T) {
	const fix = "Make the lock again and commit it:\n    npm install --package-lock-only\nor give it:\n    pack build … --env A=b"
	for dir, want := range map[string]string{
		".":     fix,
		"front": "Make the lock again and commit it:\n    cd front && npm install --package-lock-only\nor give it:\n    pack build … --env A=b",
	} {
		given := &fail.Error{ID: "node/lock-out-of-sync", Fix: fix, Err: errors.New("x")}
		got, ok := fail.User(typedInProject(given, &app.Node{Dir: dir}))
		if !ok || got.Fix != want || got.ID != given.ID || given.Fix != fix {
			t.Errorf("%s: got %+v, of %+v", dir, got, given)
		}
	}
}
