package integration

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// imports loads what the app's processes do until the first request is answered, and prints whether that was much, and
// which modules' bytecode is not there. The launcher wants one line without double quotes.
var imports = strings.Join([]string{
	"import importlib, os, sys",
	"names = ['project.wsgi', 'project.urls', 'gunicorn.app.wsgiapp', 'gunicorn.workers.gthread']",
	"[importlib.import_module(n) for n in names + ['django.core.management.commands.migrate']]",
	"cached = [m.__spec__.cached for m in list(sys.modules.values()) if getattr(m, '__spec__', None) and " +
		"m.__spec__.has_location and m.__spec__.cached]",
	"print(len(cached) > 300, [c for c in cached if not os.path.exists(c)])",
}, "; ")

// writesNothing: a container writes nothing where it need not: no bytecode, since what a start needs was made in the
// build, no socket in HOME, and so it starts with a root file system that cannot be written, as a user that nobody
// knows.
func writesNothing(t *testing.T, image string, want expectation) {
	t.Helper()
	for name, flags := range map[string][]string{
		"as the image's user":             nil,
		"as root, who may write anywhere": {"--user", "0:0"},
		"read-only, as an unknown user":   {"--read-only", "--tmpfs", "/tmp", "--user", "12345:12345"},
	} {
		t.Run(name, func(t *testing.T) {
			container, err := env.Run(t.Context(), image, devenv.Start{Env: secret, Flags: flags})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := container.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			checkPage(t, container.URL, want)
			out, err := container.Exec(t.Context(), "/cnb/lifecycle/launcher", "python", "-c", imports)
			if err != nil || out != "True []\n" {
				t.Errorf("%v: %s", err, out)
			}
			changes, err := env.Docker(t.Context(), "diff", container.ID)
			if err != nil || changes != "" {
				t.Errorf("%v: the container has changed %v", err, changes)
			}
			log, err := container.Logs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			contains(t, log, []string{"Booting worker"}, []string{"ERROR", "WARNING", "Traceback"})
		})
	}
}
