package versions

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Write returns what a user does so that the source of a Request requests version. If the source is a default, or is
// not known, a file of its own in the app's root requests it.
func (id ID) Write(source, version string) fail.Fix {
	source, _, _ = strings.Cut(source, ", the first of")
	field, file, ok := strings.Cut(source, " in ")
	if field == "pip-compile" { // it writes the version of the Python that it runs with
		return echo(version, ".python-version")
	}
	if ok {
		return id.writeField(field, file, version)
	}
	switch path.Base(source) {
	case ".python-version", ".nvmrc", ".node-version":
		return echo(version, source)
	case "runtime.txt":
		return echo("python-"+version, source)
	}
	if source != "" && strings.ToUpper(source) == source {
		return fail.Fix{fail.Set{Name: source, Value: version}}
	}
	if id == Node {
		return echo(version, ".nvmrc")
	}
	return echo(version, ".python-version")
}

// echo returns the command that writes text as the only line of a file.
func echo(text, file string) fail.Fix {
	return fail.Fix{fail.Run{Command: "echo " + show.Word(text) + " > " + show.Path(file)}}
}

// writeField returns what writes version into a field of a file with more in it.
func (id ID) writeField(field, file, version string) fail.Fix {
	name := path.Base(file)
	switch {
	case name == "package.json" && field != "devEngines.runtime":
		return fail.Fix{fail.Run{Command: "npm pkg set " + field + "=" + version, In: path.Dir(file)}}
	case name == ".tool-versions":
		return edit(file, field+" "+version)
	case strings.HasPrefix(name, "Pipfile"):
		return edit(strings.TrimSuffix(file, ".lock"), "[requires]", `python_version = "`+version+`"`)
	case strings.HasPrefix(field, "tool.poetry"):
		return edit(file, `python = "^`+version+`"`)
	case field == "requires-python":
		return edit(strings.Replace(file, "uv.lock", "pyproject.toml", 1), `requires-python = ">=`+version+`"`)
	case field == "devEngines.runtime":
		return edit(file, `"devEngines": {"runtime": {"name": "node", "version": "`+version+`"}}`)
	}
	return edit(file, field+` = "`+version+`"`)
}

// edit returns the lines that the user must write into a file with other contents.
func edit(file string, lines ...string) fail.Fix {
	return fail.Fix{fail.Say{Text: "In " + file + ":"}, fail.Edit{Lines: lines}}
}

// An Offer suggests versions of a runtime to errors, from its releases and what the app requests. The zero Offer has
// none.
type Offer struct {
	Ask         Ask
	Releases    Inventory
	Arch, Today string // as in plan.Question
}

// Within returns the version to request so that all ranges and all constraints of the app are satisfied. It is a
// series, or a release if the latest one of the series does not satisfy them. It is empty if there is none. Versions
// that the app only chooses are ignored, since the user can choose another one.
func (o Offer) Within(ranges ...string) string {
	known, err := o.Releases.candidates(o.Ask.ID, o.Arch)
	if err != nil {
		return ""
	}
	ask := Ask{ID: o.Ask.ID, Prefer: o.Ask.Prefer, Within: o.Ask.constraints()}
	for _, want := range ranges {
		ask.Within = append(ask.Within, Request{Want: want})
	}
	return ask.suggest(known)
}

// Supported reports whether a series has releases here and gets security fixes.
func (o Offer) Supported(series string) bool {
	return slices.ContainsFunc(o.Releases, func(r Release) bool {
		return r.ID == o.Ask.ID && r.Arch == o.Arch && o.Ask.ID.Series(r.Version) == series && o.Today <= r.EOL
	})
}

// Write returns what a user does so that the app requests version instead of what it chooses now.
func (o Offer) Write(version string) fail.Fix { return o.Ask.ID.Write(o.Ask.Choice.Source, version) }

// constraints returns the requests that are not a choice.
func (a Ask) constraints() []Request {
	return slices.DeleteFunc(a.Requests(), func(r Request) bool { return r == a.Choice })
}

// suggest returns what to write so that the release which Choose would choose for a is requested; empty if there is
// none.
func (a Ask) suggest(known []candidate) string {
	fit, open := known, true
	for _, each := range a.Within {
		within, err := parseConstraint(a.ID, each.Want)
		if err != nil {
			return ""
		}
		fit, open = filter(fit, func(c candidate) bool { return within.accepts(c.version) }), open && within.open
	}
	if len(fit) == 0 {
		return ""
	}
	best := fit[0]
	if open {
		best, _ = a.preferred(fit)
	}
	return a.ID.shortest(best, known)
}

// shortest returns the series of a release if that requests the release, otherwise its version.
func (id ID) shortest(best candidate, known []candidate) string {
	series := id.Series(best.Version)
	ofSeries := func(c candidate) bool { return released(c.version) && id.Series(c.Version) == series }
	first := slices.IndexFunc(known, ofSeries)
	if first >= 0 && known[first].Version == best.Version {
		return series
	}
	return best.Version
}
