package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// oldGunicorn returns an error about a gunicorn with which the image's processes would stop immediately. Until 20.1
// gunicorn imports pkg_resources, which setuptools removed in version 82. Before 20 gunicorn does not depend on
// setuptools, and until 19 it includes a six that Python 3.12 cannot import. python is the series.
func oldGunicorn(in Found, processes []Process, python string) error {
	version := in.Packages["gunicorn"]
	var major, line, setuptools int
	if n, _ := fmt.Sscanf(version, "%d", &major); n == 0 || major > 20 {
		return nil
	}
	at := slices.IndexFunc(processes, func(p Process) bool { return strings.Contains(p.Command, "gunicorn") })
	if at < 0 {
		return nil
	}
	// A version without a number is neither too old nor too new.
	_, _ = fmt.Sscanf(python, "3.%d", &line)
	_, _ = fmt.Sscanf(in.Packages["setuptools"], "%d", &setuptools)
	older := fail.Run{Command: fmt.Sprintf("echo 'setuptools<%d' >> requirements.txt", manager.NoPkgResources)}
	e := &fail.Error{ID: "python/gunicorn", What: fmt.Sprintf("gunicorn %s cannot start in the image",
		show.Value(version))}
	switch process := fmt.Sprintf("The process type %s is: %s\n", processes[at].Type,
		show.Value(processes[at].Command)); {
	case major < 20 && line >= 12:
		e.Why = process + "Before version 20 gunicorn does not run on Python 3.12 and later."
		e.Fix = fail.Fix{
			fail.Say{Text: "Use gunicorn 21 or later. Or use an older Python with the setuptools of its " +
				"time, " +
				"as in requirements.txt:"},
			fail.Run{Command: "echo 3.11 > .python-version"},
			older,
		}
	case !in.Has("setuptools") || setuptools >= manager.NoPkgResources:
		e.Why = process + "Before version 21 gunicorn imports pkg_resources, a part of older setuptools, and that " +
			"is not installed."
		e.Fix = fail.Fix{
			fail.Say{Text: "Use gunicorn 21 or later, or add that setuptools too " +
				"(pipenv install, uv add, poetry add; or in requirements.txt):"},
			older,
		}
	default:
		return nil
	}
	return e
}
