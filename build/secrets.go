package build

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/secret"
)

// secrets are the values that a build was given and must not give away. A nil set costs nothing.
type secrets struct {
	said    *secret.Set // all of them: in no log, no error and no report
	shipped *secret.Set // of bindings for package managers: in nothing that is kept or in the image
	own     *secret.Set // the others, which app steps get: their files may have one, with a warning
}

// newSecrets collects the secrets of a build: those for package managers, and those that app steps may read.
func newSecrets(credentials binding.Credentials, bindings libcnb.Bindings, platform run.Env) secrets {
	shipped := credentials.Secrets()
	own := append(binding.OtherSecrets(bindings), secret.Variables(platform)...)
	return secrets{secret.New(slices.Concat(shipped, own)...), secret.New(shipped...), secret.New(own...)}
}

// hidden returns err as it leaves the build, with no secret in its texts. errors.Is and errors.As find what they did.
func (s secrets) hidden(err error) error {
	var leak *secret.Leak
	var failed *run.Error
	if errors.As(err, &leak) {
		err = leakError(leak, err)
	}
	if err == nil || s.said == nil {
		return err
	}
	if errors.As(err, &failed) {
		failed.Tail = s.said.Mask(failed.Tail)
	}
	if all := fail.Each(err); len(all) > 1 {
		var masked []error
		for _, each := range all {
			masked = append(masked, s.hidden(each))
		}
		return fail.Join(masked...)
	}
	if user, ok := fail.User(err); ok {
		masked := *user
		masked.What, masked.Why = s.said.Mask(user.What), s.said.Mask(user.Why)
		masked.Fix = user.Fix.Map(s.said.Mask)
		return &masked
	}
	return maskedError{err, s.said.Mask(err.Error())}
}

// maskedError is an error with another text. The log and libcnb use the text; errors.Is and errors.As use the error.
type maskedError struct {
	error
	text string
}

func (e maskedError) Error() string { return e.text }
func (e maskedError) Unwrap() error { return e.error }

// leakError returns the user's error for a leak. It names the variable and the file, and never the value.
func leakError(leak *secret.Leak, err error) error {
	return &fail.Error{
		ID: "credentials/in-layer", What: "A credential of a binding would be in the image or in the cache", Err: err,
		Why: fmt.Sprintf("In %s this has the value of %s:\n    %s", leak.Place, leak.Name, leak.Entry),
		Fix: fail.Fix{
			fail.Say{Text: "Find out which package or script writes it, and remove it. If a tool has\nstored a URL, " +
				"keep only its host there, and pass the credential in a binding\nof type netrc."},
		},
	}
}

// checkProcesses fails with a *secret.Leak if the command of a process has a credential: it would be in the image's
// metadata.
func (s secrets) checkProcesses(processes []libcnb.Process) error {
	for _, p := range processes {
		if command := strings.Join(p.Command, " "); s.shipped.Has(command) {
			return &secret.Leak{Place: "the Procfile", Entry: s.said.Mask(p.Type + ": " + command), Name: "a binding"}
		}
	}
	return nil
}
