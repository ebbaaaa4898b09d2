package config

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
)

func TestProjectTOMLIsReadAsPackReadsIt(t *testing.T) {
	for text, want := range map[string]Project{
		"[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nexclude = [\".env\"]\n[[io.buildpacks.build.env]]\n" +
			"name = \"A\"\nvalue = \"1\"\n" +
			"[[io.buildpacks.build.env]]\nname = \"B\"\nvalue = \"x y\"\n": {Env: map[string]string{"A": "1",
			"B": "x y"}, Exclude: []string{".env"}},
		"[_]\nschema-version = \"0.2\"\n[[io.buildpacks.env.build]]\nname = \"A\"\nvalue = \"old\"\n": {Env: map[string]string{"A": "old"}},
		"[build]\ninclude = [\"src\"]\n[[build.env]]\nname = \"A\"\nvalue = \"1\"\n":                  {Env: map[string]string{"A": "1"}, Include: []string{"src"}},
	} {
		got, err := ReadProject(fstest.MapFS{"project.toml": {Data: []byte(text)}})
		want.Exists = true
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s\n%s", err, diff, text)
		}
	}
	if got, err := ReadProject(fstest.MapFS{}); len(got.Env) > 0 || got.Exists || err != nil {
		t.Errorf("without the file: %v, %v", got, err)
	}
	if _, err := ReadProject(fstest.MapFS{"project.toml": {Data: []byte("[")}}); err == nil {
		t.Error("a broken file is no error")
	}
}

// A project.toml that cannot be read, or would cost too much, is the user's error.
func TestProjectTOMLHasLimits(t *testing.T) {
	patterns := "[build]\nexclude = [" + strings.Repeat(`"*.log", `, limits.Patterns+1) + "]\n"
	for text, want := range map[string]string{
		"[":                                     "app/project-toml",
		"a = " + strings.Repeat("{a=", 12000):   "app/project-toml",
		patterns:                                "app/project-toml",
		"#" + strings.Repeat(" ", 1<<20) + "\n": "app/unreadable",
	} {
		_, err := ReadProject(fstest.MapFS{"project.toml": {Data: []byte(text)}})
		if user, ok := fail.User(err); !ok || user.ID != want || len(user.Why) > 500 {
			t.Errorf("%.20q: %.200v", text, err)
		}
	}
	_, err := ReadProject(fstest.MapFS{"project.toml/x": {}})
	if user, ok := fail.User(err); !ok || user.ID != "app/unreadable" {
		t.Errorf("a folder: %v", err)
	}
}
