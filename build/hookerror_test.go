package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func testHookError(t *testing.T, when spec.G, it spec.S) {
	// The first hook runs before anything is known of the app.
	it("a failed hook is explained", func() {
		const traceback = `echo 'Traceback (most recent call last):'; echo '  File "/x/django/db.py", line 1, in ` +
			`connect'; echo 'django.db.utils.OperationalError: no such host'; exit 1; `
		const noSettings = `echo 'Traceback (most recent call last):'; echo '  File "/x/django/conf/__init__.py", ` +
			`line 1, in __init__'; ` +
			`echo "ModuleNotFoundError: No module named 'mysite'"; exit 1`
		for name, c := range map[string]struct{ hook, script, id, has string }{
			"first":            {"bin/pre_compile", "exit 4", "step/hook", "exit code 4"},
			"first, of Python": {"bin/pre_compile", traceback, "step/hook", "no such host"},
			"first, of Django": {"bin/pre_compile", noSettings, "step/hook", "The app has settings."},
			"last":             {"bin/post_compile", "exit 4", "step/hook", "exit code 4"},
			"migrates": {"bin/post_compile", traceback + "\npython manage.py migrate", "step/hook-database",
				"Remove line 2 from bin/post_compile:\n    python manage.py migrate"},
			"reads from database": {"bin/post_compile", traceback, "step/hook", "A command in it failed: "},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"requirements.txt": "", "settings.py": "", c.hook: c.script + "\n"})
				_, err := b.build()
				if e, ok := fail.User(err); !ok || e.ID != c.id || !strings.Contains(e.Error(), c.has) {
					t.Errorf("got %v", err)
				}
			})
		}
	})
}
