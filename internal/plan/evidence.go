package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// withEvidence returns c with Heroku's own settings if another platform's file has them and the platform does not.
func withEvidence(a app.App, c config.Config) (_ config.Config, said note.List) {
	for _, e := range a.Evidence {
		if e.Broken != "" {
			said.Hint("app/platform-file-invalid", "%s is not read: %s", e.File, e.Broken)
		}
		for _, s := range []struct {
			name  string
			to    *config.Switch
			means func(value string) bool
		}{
			{config.DisableCollectstatic, &c.Collectstatic.Disable, config.Disables},
			{config.NPMProduction, &c.NPM.Production, config.IsTrue},
		} {
			if value, has := e.Env[s.name]; has && !s.to.Set {
				*s.to = config.Switch{On: s.means(value), Set: true}
				said.Hint("config/from-platform-file", "%s=%s, from %s", s.name, show.Value(value), e.File)
			}
		}
	}
	said.Hints("app/buildpack-not-replaced", replacements(a)...)
	return c, said
}

// missing notes each file that names variables which the build does not have.
func missing(a app.App, c config.Config, isSet func(name string) bool) (said note.List) {
	for _, e := range a.Evidence {
		var names []string
		for _, name := range e.Required {
			if !isSet(name) && (name != "SECRET_KEY" || !c.SecretKeyPlaceholder) {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			said.Hint("config/variables-missing",
				"%s lists variables that this build does not have: %s. If the settings or a build script need "+
					"one, set it in project.toml, below io.buildpacks.build.env", e.File, show.List(names))
		}
	}
	return said
}

// Languages of the buildpacks in a list.
const (
	forPython = "Python"
	forNode   = "Node.js"
)

// subdirectories says what names a directory, where no file has the variable of another platform for it.
const subdirectories = config.PythonProjectPath + " and " + config.NodeProjectPath + " name directories"

// replaced tells what became of an entry in another platform's list of buildpacks: the first line with a word of the
// buildpack's name. language: Tandem is that; "": text says what there is instead, nothing where nothing is needed.
var replaced = []struct{ parts, language, text string }{
	{"tandem multi procfile", "", ""},
	{"subdir monorepo", "", subdirectories},
	{"nodejs node npm yarn pnpm", forNode, ""},
	{"python poetry pipenv pdm uv django", forPython, ""},
	{"apt deb-packages", "", "Debian packages: list them in Aptfile"},
	{"geo gdal", "", "GDAL, GEOS and PROJ are Debian packages: GeoDjango gets them, and Aptfile can list them"},
	{"ffmpeg imagemagick tesseract wkhtmltopdf vips graphviz weasyprint libreoffice pandoc", "", "it is a Debian " +
		"package: list it in Aptfile"},
	{"nginx static caddy", "", "a web server in front of the app is a container of its own; WhiteNoise serves " +
		"static files from the app"},
	{"pgbouncer stunnel redis memcache", "", "it is a container of its own, next to the app's"},
	{"datadog newrelic scout metrics vector fluent", "", "the agent is a container of its own, or a Python package"},
	{"chrome chromedriver firefox puppeteer playwright webdriver", "", "browsers must be in the builder's run image"},
	{"ssh netrc credentials", "", "credentials are given with a binding"},
	{"gettext", "", "Tandem compiles translations itself"},
}

// replacements returns a line for each listed buildpack that Tandem does not replace.
func replacements(a app.App) (lines []string) {
	for _, e := range a.Evidence {
		for _, entry := range e.Buildpacks {
			language, text, known := lookup(entry)
			switch {
			case language != "" || known && text == "" || text == subdirectories && a.RootElsewhere.Dir != "":
			case known:
				lines = append(lines, fmt.Sprintf("%s lists %s: %s", e.File, show.Value(entry), text))
			default:
				lines = append(lines, fmt.Sprintf("%s lists %s: Tandem does not replace it. If the app needs "+
					"it, add the Cloud Native Buildpack that does", e.File, show.Value(entry)))
			}
		}
	}
	return show.Notes(lines)
}

// lookup finds a listed buildpack in the table replaced, by the words of its name. It ignores the host, the owner and
// the version of a URL. known is false if no line of the table matches.
func lookup(entry string) (language, text string, known bool) {
	entry, _, _ = strings.Cut(strings.ToLower(entry), "#")
	if _, address, ok := strings.Cut(entry, "://"); ok {
		_, entry, _ = strings.Cut(address, "/") // without the host
	}
	if _, name, ok := strings.Cut(entry, "/"); ok {
		entry = name // without the owner
	}
	words := strings.FieldsFunc(entry, func(r rune) bool { return strings.ContainsRune("/:.-_@", r) })
	entry = "-" + strings.Join(words, "-") + "-"
	for _, line := range replaced {
		for part := range strings.FieldsSeq(line.parts) {
			if strings.Contains(entry, "-"+part+"-") {
				return line.language, line.text, true
			}
		}
	}
	return "", "", false
}

// languages returns the first file with a list of buildpacks that does not include Tandem, and the languages that its
// buildpacks install. file is empty if there is no such list.
func languages(a app.App) (file string, python, node bool) {
	for _, e := range a.Evidence {
		ours := false
		for _, entry := range e.Buildpacks {
			language, _, _ := lookup(entry)
			python, node = python || language == forPython, node || language == forNode
			ours = ours || strings.Contains(strings.ToLower(entry), "tandem")
		}
		if (python || node) && !ours {
			return e.File, python, node
		}
		python, node = false, false
	}
	return "", false, false
}

// withoutNode returns why Node.js is not used although there is a package.json that lists packages: a list of
// buildpacks has only Python's. It is empty if Node.js may be used. A build script is better evidence: lists are left
// over from times when the front end was built elsewhere.
func withoutNode(a app.App) string {
	if file, python, node := languages(a); python && !node && len(a.Node) > 0 {
		return fmt.Sprintf("%s lists the app's buildpacks, and none of them is for Node.js. To use Node.js, set %s=24",
			file, config.NodeVersion)
	}
	return ""
}

// despiteList notes that Node.js is used although a list of buildpacks has only Python's.
func despiteList(a app.App, c config.Config, out choice) (said note.List) {
	file, python, node := languages(a)
	if python && !node && len(out.packages) > 0 && nodeVariable(c) == "" {
		said.Hint("node/listed-without", "%s lists no buildpack for Node.js, which is used because %s. To leave it "+
			"out: %s=none", file, out.why, config.NodeProjectPath)
	}
	return said
}

// usedBecause notes the place in the Python code that is the reason for Node.js, if there is one.
func usedBecause(python string) (said note.List) {
	if python != "" {
		said.Hint("node/used", "Node.js is used: %s", python)
	}
	return said
}
