package static

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/recipe"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Served describes the directories of the app that Python code or the settings name, after the last step. Names are
// relative to the app's root.
type Served struct {
	Written
	Missing  []Needed
	Unhashed []string // scripts and style sheets that are served, whose names do not change with their contents
}

// Needed is a directory of the app that code or a setting names.
type Needed struct {
	By   string // "main.py, line 5,"
	Name string // as it is written there
	Dir  string
}

// Written describes what build scripts have done.
type Written struct {
	Ran     []string      // scripts of package.json that have run
	Outputs []string      // directories into which steps have written scripts, style sheets or pages
	Copies  []recipe.Copy // of the Dockerfile, which show where an output belongs
}

// Check returns warnings about directories that are served.
func (s Served) Check() (said note.List) {
	var texts []string
	for _, f := range s.Missing {
		texts = append(texts, fmt.Sprintf("%s needs %s, which does not exist. %s%s", f.By, show.Name(f.Name),
			s.builds(), s.copyTo(f.Dir)))
	}
	said = MissingDirs(texts...)
	if len(s.Unhashed) > 0 {
		said.Warn("web/static-names", "served files keep their names when their contents change: %s. All files of an "+
			"image are dated 1980, so browsers and servers may take an old file for the new one. Let the bundler "+
			"write a hash of the contents into the names", show.Series(s.Unhashed))
	}
	return said
}

// MissingDirs returns a warning for each text about a directory that does not exist.
func MissingDirs(texts ...string) (said note.List) {
	said.Warnings("web/directory-missing", show.Notes(texts)...)
	return said
}

// copyTo returns a hint about the output that belongs into the directory dir, and the lines that copy it. It is empty
// if no step has written any.
func (s Written) copyTo(dir string) string {
	outputs := slices.DeleteFunc(slices.Clone(s.Outputs), func(out string) bool { return app.InDir(out, dir) })
	if i := slices.IndexFunc(outputs, func(out string) bool { return s.copied(out, dir) }); i >= 0 {
		outputs = outputs[i : i+1]
	}
	switch len(outputs) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("\n  The build has written %s, which nothing reads. To copy it, in bin/post_compile:\n"+
			"    mkdir -p %s\n    cp -R %s %s", show.Name(outputs[0]), show.Path(dir), show.Path(outputs[0]+"/."),
			show.Path(dir))
	}
	return "\n  The build has written " + show.List(outputs)
}

// copied reports whether the Dockerfile copies the directory out to the directory dir.
func (s Written) copied(out, dir string) bool {
	isAt := func(name, of string) bool { return path.Clean("/"+name) == "/"+of || strings.HasSuffix(name, "/"+of) }
	return slices.ContainsFunc(s.Copies, func(c recipe.Copy) bool { return isAt(c.From, out) && isAt(c.To, dir) })
}

// Modules describes the files of node_modules that collectstatic has copied.
type Modules struct {
	Files    int
	Bytes    int64
	Packages []string // the largest ones, with their sizes
}

// The numbers of files and bytes of node_modules in STATIC_ROOT above which it is probably a mistake.
const (
	manyModules  = 1000
	largeModules = 20e6
)

// check warns if collectstatic has copied packages as a whole.
func (m Modules) check() (said note.List) {
	if m.Files > manyModules || m.Bytes > largeModules {
		said.Warn("django/node-modules-collected", "collectstatic has copied %d files of node_modules (%s), and the "+
			"image has them: %s. Name only the directories that pages need:\n    STATICFILES_DIRS = "+
			"[(\"bootstrap\", BASE_DIR / \"node_modules/bootstrap/dist\")]",
			m.Files, show.Size(m.Bytes), show.Series(m.Packages))
	}
	return said
}
