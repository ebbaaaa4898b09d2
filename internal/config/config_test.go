package config

import (
	"strings"
	"testing"
)

func lookup(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if value, ok := vars[name]; ok {
			return value, true
		}
		return map[string]string{SecretKeyPlaceholder: "true", PythonInstaller: "uv"}[name], false
	}
}

func TestDisableCollectstaticMeansWhatItMeansOnHeroku(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true, "true": true, "false": true, " 1 ": true} {
		if c, err := Read(lookup(map[string]string{DisableCollectstatic: value})); err != nil || c.DisableCollectstatic.On != want {
			t.Errorf("%q: got %v, %v", value, c.DisableCollectstatic, err)
		}
	}
}

func TestProjectFoldersLieInTheApp(t *testing.T) {
	for value, want := range map[string]string{
		"": "", ".": ".", "frontend": "frontend", " ./ui/ , admin/front/package.json,,ui": "ui admin/front", "a/../b": "b",
		"/workspace/ui": "!", "../ui": "!", "a/../../ui": "!", "..": "!",
	} {
		c, err := Read(lookup(map[string]string{NodeProjectPath: value}))
		if got := strings.Join(c.NodeProjectPath, " "); (want == "!") != (err != nil) || err == nil && got != want {
			t.Errorf("%q: got %q, %v", value, got, err)
		}
	}
}

func TestABooleanIsStrict(t *testing.T) {
	for value, ok := range map[string]bool{"true": true, "false": true, "yes": false, "1": false, "": false, "True": false} {
		_, err := Read(lookup(map[string]string{SecretKeyPlaceholder: value}))
		if ok != (err == nil) {
			t.Errorf("%q: got %v", value, err)
		}
		if err != nil && !strings.Contains(err.Error(), "legal are true and false") {
			t.Errorf("%q: the error does not say what is legal: %v", value, err)
		}
	}
}
