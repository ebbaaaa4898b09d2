package config

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestProjectTOMLIsReadAsPackReadsIt(t *testing.T) {
	for text, want := range map[string]Project{
		"[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nexclude = [\".env\"]\n[[io.buildpacks.build.env]]\nname = \"A\"\nvalue = \"1\"\n" +
			"[[io.buildpacks.build.env]]\nname = \"B\"\nvalue = \"x y\"\n": {Env: map[string]string{"A": "1", "B": "x y"}, Exclude: []string{".env"}},
		"[_]\nschema-version = \"0.2\"\n[[io.buildpacks.env.build]]\nname = \"A\"\nvalue = \"old\"\n": {Env: map[string]string{"A": "old"}},
		"[build]\ninclude = [\"src\"]\n[[build.env]]\nname = \"A\"\nvalue = \"1\"\n":                  {Env: map[string]string{"A": "1"}, Include: []string{"src"}},
	} {
		got, err := ReadProject(fstest.MapFS{"project.toml": {Data: []byte(text)}})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s\n%s", err, diff, text)
		}
	}
	if got, err := ReadProject(fstest.MapFS{}); len(got.Env) > 0 || err != nil {
		t.Errorf("without the file: %v, %v", got, err)
	}
	if _, err := ReadProject(fstest.MapFS{"project.toml": {Data: []byte("[")}}); err == nil {
		t.Error("a broken file is no error")
	}
}
