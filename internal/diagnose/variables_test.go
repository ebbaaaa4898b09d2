package diagnose

import (
	"slices"
	"strings"
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

// Python shows the frame of os.environ's own __getitem__, whose file is frozen since 3.11 or os.py.
func TestAVariableIsMissingWhereOsEnvironIsAsked(t *testing.T) {
	const begin = "Traceback (most recent call last):\n  File \"/workspace/mysite/settings.py\", line 3, in <module>\n"
	frame := func(file, function string) string {
		return "  File \"" + file + "\", line 9, in " + function + "\n    raise KeyError(key)\n"
	}
	for output, want := range map[string]string{
		begin + "    x\n" + frame("<frozen os>", "__getitem__") + "KeyError: 'A'":               "A",
		begin + "    x\n" + frame("/usr/lib/python3.10/os.py", "__getitem__") + "KeyError: 'A'": "A",
		begin + "    x\n" + frame("/workspace/mysite/cars.py", "__getitem__") + "KeyError: 'A'": "",
		begin + "    x\n" + frame("<frozen os>", "other") + "KeyError: 'A'":                     "",
		begin + "    x\n" + frame("<frozen os>", "__getitem__") + "IndexError: 'A'":             "",
		begin + "    x = ENV['A']\nKeyError: 'A'":                                               "A",
		begin + "    x = ENV['A']\nIndexError: 'A'":                                             "",
		begin + "    x = cars['A']\nKeyError: 'A'":                                              "",
		begin + "    x = ENV['A']\nKeyError: 'A'\n\n" +
			"During handling of the above exception, another exception occurred:\n\n" +
			begin + "    raise RuntimeError('no')\nRuntimeError: no": "A",
	} {
		got := strings.Join(Missing(output, testRoot, func(string) bool { return false }), " ")
		if got != want {
			t.Errorf("%q: got %q, want %q", output, got, want)
		}
	}
}

func TestTheCodeThatAsksForAVariableIsShown(t *testing.T) {
	const asks = "Traceback (most recent call last):\n  File \"/workspace/mysite/settings.py\", line 3, in <module>\n" +
		"    LIMIT = int(os.environ[\"A\"])\nKeyError: 'A'"
	if got := Sample("A", testRoot, "nothing", asks); got != "1" {
		t.Errorf("a sample of A is %q", got)
	}
	if got := Sample("B", testRoot, asks); got != "only-for-the-build" {
		t.Errorf("a sample of B, which is not asked for, is %q", got)
	}
	facts := Facts{Root: testRoot, Missing: []string{"A", "B"}, Said: []string{asks, asks, "nothing"}}
	_, vars := probeVariable(newCase(load(), Step{}, Exit{}, facts))
	if n := strings.Count(vars["asked"], "mysite/settings.py"); n != 2 || vars["several"] == "" {
		t.Errorf("got %v", vars)
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
		{[]string{"MYSITE_KEY", "MAIL_KEY"}, assigned, nil},
		{[]string{"MYSITE_KEY"}, strings.ReplaceAll(assigned, "SECRET_KEY =", "OTHER ="), nil},
		{[]string{"MYSITE_KEY"}, strings.ReplaceAll(assigned, "/workspace/", "/layers/"), nil},
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
		if got := load().known.sample(c.name, c.code); got != c.want {
			t.Errorf("%s: got %q, want %q", c.code, got, c.want)
		}
	}
}
