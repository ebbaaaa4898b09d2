package app

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// versionFile reads the first line that is not a comment. pyenv takes further lines for versions that are there as
// well.
func (r *reader) versionFile(name string) versions.Request {
	if info, err := r.stat(path.Clean(name)); err == nil && info.Mode().IsRegular() && info.Size() > limits.Size(name) {
		r.problem(name, versions.Malformed(name+" is not a version",
			"It has more than "+show.Size(limits.Size(name))+".",
			"Write one version into it, such as 3.13 for Python or 24 for Node.js.", nil))
		return versions.Request{}
	}
	text, _ := r.text(name)
	found := manager.Lines(text)
	switch len(found) {
	case 0:
		return versions.Request{}
	case 1:
		return said(found[0], show.Name(name))
	}
	return said(found[0], fmt.Sprintf("%s, the first of %d lines", show.Name(name), len(found)))
}

// toolVersions returns the first version of one of the tools in asdf's file.
// https://asdf-vm.com/manage/configuration.html#tool-versions
func (r *reader) toolVersions(dir string, tools ...string) versions.Request {
	name := path.Join(dir, ".tool-versions")
	text, _ := r.text(name)
	for _, line := range manager.Lines(text) {
		if words := strings.Fields(line); len(words) > 1 && slices.Contains(tools, words[0]) {
			return notSystem(said(words[1], words[0]+" in "+show.Name(name)))
		}
	}
	return versions.Request{}
}

// mise returns the version of one of the tools in mise's file. The file has a text, a table, or a list of either.
// https://mise.jdx.dev/configuration.html
func (r *reader) mise(dir string, tools ...string) versions.Request {
	for _, base := range []string{"mise.toml", ".mise.toml"} {
		name := path.Join(dir, base)
		text, ok := r.text(name)
		if !ok {
			continue
		}
		var content struct{ Tools map[string]any }
		_, err := limits.DecodeTOML(text, &content)
		r.valid(name, "TOML", err)
		for _, tool := range tools {
			value := content.Tools[tool]
			if several, ok := value.([]any); ok && len(several) > 0 {
				value = several[0]
			}
			if table := field(value, "version"); table != nil {
				value = table
			}
			if v := notSystem(said(value, tool+" in "+show.Name(name))); v.Want != "" {
				return v
			}
		}
	}
	return versions.Request{}
}

// notSystem drops "system", which is whatever the author's machine has.
func notSystem(v versions.Request) versions.Request {
	if v.Want == "system" {
		return versions.Request{}
	}
	return v
}

// valid notes err, if it is not nil, as the reason why the version in a file is not known. form is the expected format,
// such as TOML.
func (r *reader) valid(name, form string, err error) {
	if err != nil {
		err := &fail.Error{
			ID: "version/file-invalid", What: show.Name(name) + " is not valid " + form,
			Why: show.Reason(err), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Correct it, or delete it if the app does not need it."}},
		}
		r.unreadable = append(r.unreadable, Unreadable{name, err, Version})
	}
}
