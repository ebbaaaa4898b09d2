package traceback

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
)

var update = flag.Bool("update", false, "write what is got into testdata")

const testRoot = "/workspace"

// Each file of testdata/failures begins with what is known of the app (variables of the build, "modules: …", "ran: …", "installed: …",
// "production"), perhaps files of it; then comes "output", what Django really printed, with other names of folders, and "want", what the
// user then reads.
func TestFailuresAreExplained(t *testing.T) {
	files, err := filepath.Glob("testdata/failures/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	covered := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a, output := known(archive)
			got := a.Explain(fail.Error{ID: "step/collectstatic", What: "Django's collectstatic failed", Why: "It ended with exit code 1; what it says is above."}, output)
			covered[got.ID] = true
			text := got.Error() + "\n"
			if got.ID == "django/variable-unset" {
				names := Missing(output, testRoot, a.Has)
				text = "missing: " + strings.Join(names, " ") + "\nsecret keys: " + strings.Join(SecretKeys(names, output, testRoot), " ") + "\n\n" + text
			}
			want := &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = []byte(text)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), text); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, k := range kinds {
		if !covered[k.id] {
			t.Errorf("no captured output is explained as %s", k.id)
		}
	}
}

func known(archive *txtar.Archive) (a App, output string) {
	vars := map[string]bool{}
	a = App{Root: testRoot, Add: "npm install --save-dev", Has: func(name string) bool { return vars[name] }}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if name, value, ok := strings.Cut(line, "="); ok {
			vars[name] = true
			if name == "DJANGO_SETTINGS_MODULE" {
				a.SettingsModule = value
			}
			continue
		}
		word, rest, _ := strings.Cut(line, ": ")
		switch word {
		case "modules":
			a.Modules = strings.Fields(rest)
		case "chosen":
			a.Build, a.Served, _ = strings.Cut(rest, " ")
		case "ran":
			a.Ran = strings.Split(rest, ", ")
		case "installed":
			a.Installed = strings.Fields(rest)
		case "production":
			a.Production = true
		}
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	output = string(files["output"].Data)
	delete(files, "output")
	a.Packages = app.Read(files, app.Requested{}).Node
	return a, output
}

// What is raised for other reasons names no variable, even where its words are like those.
func TestNoVariableIsMissing(t *testing.T) {
	at := "Traceback (most recent call last):\n  File \"/workspace/mysite/settings.py\", line 3, in <module>\n    x\n"
	for _, output := range []string{
		"", "KeyError: 'A'", at + "KeyError: 'DATABASE_URL'", at + "ValueError: STATIC_ROOT and MEDIA_ROOT must be set", at + "RuntimeError: no", at + "ImproperlyConfigured: give a value",
		"Traceback (most recent call last):\n  File \"/layers/x.py\", line 3, in f\n    x\nRuntimeError: HOME must be set",
	} {
		if names := Missing(output, testRoot, func(string) bool { return false }); names != nil {
			t.Errorf("%q: got %v", output, names)
		}
	}
}

func TestWhichNamesMayHaveAPlaceholder(t *testing.T) {
	assigned := "Traceback (most recent call last):\n  File \"/workspace/mysite/settings.py\", line 3, in <module>\n    SECRET_KEY = env(\"MYSITE_KEY\")\nKeyError: 'MYSITE_KEY'"
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
		if got := example(c.name, c.code); got != c.want {
			t.Errorf("%s: got %q, want %q", c.code, got, c.want)
		}
	}
}
