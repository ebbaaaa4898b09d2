package diagnose

import (
	"slices"
	"testing"
)

// What is raised for other reasons names no variable, even where its words are like those.
func TestNoVariableIsMissing(t *testing.T) {
	at := "Traceback (most recent call last):\n  File \"/workspace/mysite/settings.py\", line 3, in <module>\n    x\n"
	for _, output := range []string{
		"", "KeyError: 'A'", at + "KeyError: 'DATABASE_URL'", at +
			"ValueError: STATIC_ROOT and MEDIA_ROOT must be set", at + "RuntimeError: no", at +
			"ImproperlyConfigured: give a value",
		"Traceback (most recent call last):\n  File \"/layers/x.py\", line 3, in f\n    x\n" +
			"RuntimeError: HOME must be set",
	} {
		if names := Missing(output, testRoot, func(string) bool { return false }); names != nil {
			t.Errorf("%q: got %v", output, names)
		}
	}
}

func TestWhichNamesMayHaveAPlaceholder(t *testing.T) {
	assigned := "Traceback (most recent call last):\n" +
		"  File \"/workspace/mysite/settings.py\", line 3, in <module>\n" +
		"    SECRET_KEY = env(\"MYSITE_KEY\")\nKeyError: 'MYSITE_KEY'"
	for _, c := range []struct {
		names  []string
		output string
		want   []string
	}{
		{[]string{"DJANGO_SECRET_KEY"}, "", []string{"DJANGO_SECRET_KEY"}},
		{[]string{"APP_SECRET", "DATABASE_URL"}, "", []string{"APP_SECRET"}},
		{[]string{"STRIPE_SECRET_KEY"}, "", nil},
		{[]string{"AWS_SECRET_ACCESS_KEY"}, "", nil},
		{[]string{"MYSITE_KEY"}, "", nil},
		{[]string{"MYSITE_KEY"}, assigned, []string{"MYSITE_KEY"}},
		{[]string{"MYSITE_URL"}, assigned, nil},
	} {
		if got := SecretKeys(c.names, c.output, testRoot); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.names, got, c.want)
		}
	}
}

// The values that are printed are such that the code which asks can make of them what it wants.
func TestExamplesFitTheCode(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"API_HOST", `API_HOST = os.environ["API_HOST"]`, "localhost"},
		{"API_LIMIT", `LIMIT = int(os.environ["API_LIMIT"])`, "1"},
		{"API_LIMIT", `LIMIT = config("API_LIMIT", cast=int)`, "1"},
		{"API_LIMIT", `PRINTS = 1`, "only-for-the-build"},
		{"MAIL_ON", `MAIL = env.bool("MAIL_ON")`, "false"},
		{"FLAGS", `FLAGS = json.loads(os.environ["FLAGS"])`, "{}"},
	} {
		if got := sample(c.name, c.code); got != c.want {
			t.Errorf("%s: got %q, want %q", c.code, got, c.want)
		}
	}
}
