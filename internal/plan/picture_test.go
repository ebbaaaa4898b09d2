package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/pages"
)

// titles are the names of the steps of the app whole in the picture of a build, by the parts of their IDs that do not
// depend on the app.
var titles = map[string]string{
	"hook:bin/pre_compile":     "bin/pre_compile",
	"python/runtime":           "Python",
	"python/uv":                "package manager of Python",
	"python/tool:1":            "package manager of Python",
	"python/tool:2":            "package manager of Python",
	"python/install:1":         "Python packages",
	"python/install:2":         "Python packages",
	"python/install:3":         "Python packages",
	"python/update:1":          "Python packages",
	"python/update:2":          "Python packages",
	"python/settings":          "import of the Django settings",
	"node/runtime":             "Node.js",
	"node/headers":             "headers of Node.js",
	"node/tool:.":              "package manager of Node.js",
	"script:.:heroku-prebuild": "script heroku-prebuild",
	"node/install:.":           "Node.js packages",
	"script:.:postinstall":     "script postinstall",
	"translations":             "translations",
	"manage:before:1":          "BP_DJANGO_COMMANDS_BEFORE",
	"script:.:build":           "build script of package.json",
	"collectstatic":            "collectstatic",
	"manage:after:1":           "BP_DJANGO_COMMANDS_AFTER",
	"hook:bin/post_compile":    "bin/post_compile",
	"script:.:heroku-cleanup":  "script heroku-cleanup",
	"python/bytecode":          "byte code of the app",
	"image/bytecode":           "byte code of what the processes import",
	"node/prune:.":             "removal of devDependencies",
	"image/environment":        "environment of the processes",
}

// The picture of a build has the steps of a plan, in their order.
func TestDocumentationDrawsTheOrderOfABuild(t *testing.T) {
	p := planned(t, whole, map[string]string{config.CommandsBefore: "migrate", config.CommandsAfter: "compress"})
	for _, s := range p.Steps {
		if titles[s.ID] == "" {
			t.Errorf("the step %s has no name in the picture", s.ID)
		}
	}
	pages.Check(t, "../../docs/concepts/how-it-works.md", "order", "```mermaid\n"+order(p.Steps)+"```", *update)
}

// flow is a flowchart of Mermaid, and the last box of each lane. https://mermaid.js.org/syntax/flowchart.html
type flow struct {
	text  strings.Builder
	last  map[Lane]string
	boxes int
}

// order returns the flowchart of the steps of a whole build.
func order(steps []Step) string {
	f := flow{last: map[Lane]string{}}
	f.text.WriteString("flowchart TD\n")
	decided, stage := false, Prepare
	for i, s := range steps {
		if s.Stage != Prepare && !decided {
			decided = true
			f.join("Tandem reads the files and decides")
			f.last[PythonLane], f.last[NodeLane], f.last[AnyTime] = f.last[""], f.last[""], f.last[""]
		}
		switch {
		case s.Stage == App && stage == Install:
			f.join(titles[s.ID], PythonLane, NodeLane)
		case i == 0 || titles[s.ID] != titles[steps[i-1].ID]:
			f.add(s)
		}
		stage = s.Stage
	}
	f.join("node_modules leaves the app, the layers are saved")
	return f.text.String()
}

// add draws a step after the one before it in its lane. Those of AnyTime hang at the lane whose contents they compile.
func (f *flow) add(s Step) {
	from, arrow := f.last[s.Lane], "-->"
	if s.Lane == AnyTime {
		from, arrow = f.last[PythonLane], "-.->"
		if s.Layer == HeadersLayer {
			from = f.last[NodeLane]
		}
	}
	box := f.box(titles[s.ID])
	if from != "" {
		fmt.Fprintf(&f.text, "  %s %s %s\n", from, arrow, box)
	}
	if s.Lane != AnyTime {
		f.last[s.Lane] = box
	}
}

// join draws a box after the last ones of some lanes, or of the one without a name.
func (f *flow) join(title string, lanes ...Lane) {
	box := f.box(title)
	for _, lane := range append(lanes, "") {
		if from := f.last[lane]; from != "" && (lane != "" || len(lanes) == 0) {
			fmt.Fprintf(&f.text, "  %s --> %s\n", from, box)
		}
	}
	f.last[""] = box
}

// box draws a box and returns its name.
func (f *flow) box(title string) string {
	f.boxes++
	name := fmt.Sprintf("s%d", f.boxes)
	fmt.Fprintf(&f.text, "  %s[\"%s\"]\n", name, title)
	return name
}
