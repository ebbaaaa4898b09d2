package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       Evidence
	}{
		".buildpacks": {".buildpacks",
			"# both\nhttps://github.com/heroku/heroku-buildpack-nodejs.git#v83\n\n  heroku/python\n",
			Evidence{Buildpacks: []string{"https://github.com/heroku/heroku-buildpack-nodejs.git#v83",
				"heroku/python"}}},
		"app.json": {"app.json",
			`{"buildpacks": [{"url": "heroku/python"}, "heroku/nodejs", 3], "env": {"A": "1", "B": {"value": "2"}, ` +
				`"C": {"required": true}, "D": {"required": false}, "E": {"generator": "secret"}, "F": ` +
				`{"description": "x"}, "G": {"value": 7}, "H": {"value": ""}}}`,
			Evidence{Buildpacks: []string{"heroku/python", "heroku/nodejs"},
				Env: map[string]string{"A": "1", "B": "2", "G": "7"}, Required: []string{"C", "E", "F", "H"}}},
		"scalingo.json": {"scalingo.json", `{"env": {"A": {"value": "1"}}}`,
			Evidence{Env: map[string]string{"A": "1"}}},
		"heroku.yml": {"heroku.yml",
			"setup:\n  config:\n    A: 1\nbuild:\n  languages:\n    - python\n  config:\n    B: yes\nrun:\n" +
				"  worker: celery\n  web: gunicorn x\n  other:\n    image: web\n",
			Evidence{Buildpacks: []string{"python"}, Env: map[string]string{"A": "1", "B": "yes"},
				Processes: []Process{{Type: "web", Command: "gunicorn x"}, {Type: "worker", Command: "celery"}}}},
		"project.toml": {"project.toml",
			"[_]\nschema-version = \"0.2\"\n[[io.buildpacks.group]]\nid = \"heroku/python\"\nversion = \"1\"\n" +
				"[[io.buildpacks.group]]\nuri = \"docker://x/tandem\"\n",
			Evidence{Buildpacks: []string{"heroku/python", "docker://x/tandem"}}},
		"project.toml of before": {"project.toml",
			"[project]\nid = \"a\"\n[[build.buildpacks]]\nid = \"heroku/python\"\nuri = \"urn:x\"\n",
			Evidence{Buildpacks: []string{"heroku/python"}}},
		"broken JSON": {"app.json", "{", Evidence{Broken: "unexpected end of JSON input"}},
		"broken YAML": {"heroku.yml", "a: [", Evidence{Broken: "yaml: line 1: did not find expected node content"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.File = c.file
			if c.want.Env == nil && c.want.Broken == "" {
				c.want.Env = map[string]string{}
			}
			if diff := cmp.Diff([]Evidence{c.want},
				read(files("requirements.txt", "", c.file, c.text)).Evidence); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
