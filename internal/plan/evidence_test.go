package plan

import "testing"

func TestEntriesOfBuildpackLists(t *testing.T) {
	for entry, want := range map[string]string{
		"heroku/nodejs": forNode, "https://github.com/heroku/heroku-buildpack-nodejs.git#v83": forNode,
		"https://github.com/heroku/heroku-buildpack-python/archive/v1.tar.gz": forPython,
		"urn:cnb:registry:paketo-buildpacks/python":                           forPython,
		"docker://docker.io/heroku/buildpack-python@sha256:0":                 forPython, "python": forPython,
		"https://github.com/moneymeets/python-poetry-buildpack.git":                       forPython,
		"https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz": "",
		"https://github.com/python-people/heroku-buildpack-x":                             "",
	} {
		if got, _, _ := lookup(entry); got != want {
			t.Errorf("%s: got %q, want %q", entry, got, want)
		}
	}
	if _, text,
		known := lookup("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz"); !known ||
		text == "" {
		t.Error("apt is not known")
	}
	if _, _, known := lookup("https://github.com/x/heroku-buildpack-frobnicate.git"); known {
		t.Error("the name of a host is taken for that of a buildpack")
	}
}
