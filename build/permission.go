package build

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// permissionError explains an error of an operation in the app that the build's user has no permission for: the
// platform has uploaded files of another user, or a read-only directory.
func permissionError(in libcnb.BuildContext, err error) error {
	if _, ok := fail.User(err); ok {
		return err
	}
	name, below := strings.CutPrefix(pathOf(err), in.ApplicationPath+"/")
	if !below && (name == "" || strings.HasPrefix(name, "/")) { // relative names are in the app
		return err
	}
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return err
	}
	return &fail.Error{
		ID: "app/permissions", What: "The build's user may not read or change " + show.Name(name),
		Why: show.Reason(err) + ".", Err: err,
		Fix: fail.Fix{
			fail.Say{Text: "Let the app's files belong to the user of the builder image, as pack does. In a pipeline:"},
			fail.Run{Command: `chown -R "$CNB_USER_ID:$CNB_GROUP_ID" .`},
		},
	}
}

// pathOf returns the path of a failed operation; "" if err is of another kind.
func pathOf(err error) string {
	var one *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &one):
		return one.Path
	case errors.As(err, &two):
		return two.New
	}
	return ""
}
