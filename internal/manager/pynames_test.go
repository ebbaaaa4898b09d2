package manager

import (
	"strings"
	"testing"
)

func TestNamesOfPackages(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"uv": {"backend/uv.lock", "version = 1\n[[package]]\nname = \"Flask_Assets\"\n" +
			"dependencies = [\n    { name = \"click\" },\n]\n[[package]]\nname = \"click\"\n", "click flask-assets"},
		"poetry": {"poetry.lock", "[[package]]\nname = \"django\"\n[package.source]\nreference = \"private\"\n",
			"django"},
		"pipenv": {"Pipfile.lock", `{"_meta": {"hash": {"sha256": "x"}}, "default": {"Django": {"version": "==5"}},
			"develop": {"pytest": {}}}`, "django pytest"},
		"pipenv, not valid": {"Pipfile.lock", `{"default": [1], "develop": {`, ""},
		"project": {"pyproject.toml",
			"[project]\ndependencies = ['django.pipeline[x]>=4; python_version>\"3\"', 'b']", "b django-pipeline"},
		"requirements": {
			"requirements/base.txt", "Django==5.2\n# django-tailwind\n-r other.txt\n--index-url x\n./libs/a\nlibs/b\n" +
				"https://example.com/c.whl\nd @ git+https://example.com/d.git\n" +
				"django_pipeline[x]\n-e .\nfile:./x\n", "d django django-pipeline",
		},
	} {
		if got := strings.Join(PackageNames(c.file, c.text), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
