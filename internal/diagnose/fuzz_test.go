package diagnose

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// Whatever a command has printed, its failure is explained or not, and nothing else happens.
func FuzzExplain(f *testing.F) {
	for _, text := range []string{
		"Traceback (most recent call last):\n  File \"/workspace/a.py\", line 3, in <module>\n    import x\n" +
			"ModuleNotFoundError: No module named 'x'\n",
		"django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable\n", "KeyError: 'X'\n",
		"ValueError: Missing staticfiles manifest entry for 'a.css'\n",
		"npm error code E404\nnpm error 404 Not Found - GET https://r.example.com/x\n",
		"error: Failed to build `x`\n  cause: fatal error: libpq-fe.h: No such file\n",
	} {
		f.Add(text)
	}
	steps := testSteps()
	f.Fuzz(func(t *testing.T, text string) {
		facts := Facts{Root: "/workspace", Has: func(string) bool { return false }}
		for _, step := range steps {
			step.Kind = "hook"
			err := Explain(step, Exit{Code: 1, Tail: text}, facts).Error()
			if raw := err.Error(); raw == "" {
				t.Error("no text")
			} else if found, line := hostile.Raw(raw), hostile.Obeyed(raw); found != "" || line != "" {
				t.Errorf("raw %q, obeyed %q", found, line)
			}
		}
		for _, name := range Missing(text, "/workspace", facts.Has) {
			_ = Sample(name, "/workspace", text)
		}
		_ = SecretKeys([]string{"X"}, text, "/workspace")
	})
}
