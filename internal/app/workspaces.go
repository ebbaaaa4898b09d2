package app

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// readWorkspaces finds the packages that are installed together with n. The installation depends on the package.json of
// each, and on all files of a package with an install script, since the script may read any of them.
func (r *reader) readWorkspaces(n *Node, pkg packageJSON) {
	patterns, err := expand(workspacePatterns(pkg.Workspaces))
	if err != nil {
		file := n.Path("package.json")
		r.problem(file, invalidPackage("The workspaces of "+show.Name(file)+" cannot be read", err.Error(), err,
			fail.Say{Text: "Write fewer and shorter patterns."}))
	}
	for _, id := range slices.Sorted(maps.Keys(n.Settings)) {
		more, err := expand(n.Settings[id].Workspaces)
		if err != nil {
			m := manager.Node(id)
			r.problem(settingsFile(n, m), settingsProblem(n, m, err))
		}
		patterns = append(patterns, more...)
	}
	n.Workspaces = r.matching(n.Dir, patterns)
	members := setOf(n.Workspaces)
	n.Inputs = slices.DeleteFunc(n.Inputs,
		func(name string) bool { return members[name] }) // npm's lockfile lists them as local packages
	for _, dir := range n.Workspaces {
		file := path.Join(dir, "package.json")
		n.Inputs = append(n.Inputs, file)
		member, _ := r.packageJSON(file)
		r.readSpecs(n, dir, member)
	}
}

// workspacePatterns reads workspaces of package.json: a list, or Yarn's object with one.
func workspacePatterns(field any) (patterns []string) {
	if object, ok := field.(map[string]any); ok {
		field = object["packages"]
	}
	list, _ := field.([]any)
	for _, entry := range list {
		if s, ok := entry.(string); ok {
			patterns = append(patterns, s)
		}
	}
	return patterns
}

// search finds the packages of workspaces in a directory.
type search struct {
	dir    string   // of the package that has the workspaces
	globs  globs    // relative to dir
	looked int      // packages that were compared with the patterns
	steps  int      // see maxSteps
	found  []string // directories of the app
	why    string   // the app is too large
	costly bool     // the patterns cost too much
}

// matching returns the directories below dir that have a package.json and match the patterns. Of several patterns that
// match, the last decides; one that begins with "!" excludes.
func (r *reader) matching(dir string, patterns []string) []string {
	s := search{dir: dir, globs: globsOf(patterns)}
	if len(s.globs) == 0 {
		return nil
	}
	r.walkIn(dir, limits.Levels, func(p string, d fs.DirEntry) bool {
		// Packages may lie within packages, so the walk goes on below a match.
		if !d.IsDir() || Skipped(d.Name(), ForSource) {
			return false
		}
		if r.mayBeFile(path.Join(p, "package.json")) && !s.match(p) {
			return false
		}
		if strings.Count(p, "/") >= limits.Levels {
			s.why = fmt.Sprintf("Directories that may be workspaces are more than %d deep.", limits.Levels)
		}
		return true
	})
	switch {
	case s.costly:
		r.problem(path.Join(dir, "package.json"), invalidPackage("The workspaces of "+where(dir)+" cannot be found",
			"There are too many patterns for so many directories with a package.json.", nil,
			fail.Say{Text: "Write fewer and shorter patterns."}))
	case s.why != "":
		r.problem(dir, tooLarge(s.why))
	}
	return s.found
}

// match compares the directory p of a package with the patterns. It returns false if the limits are reached.
func (s *search) match(p string) bool {
	if s.looked++; s.looked > limits.Packages {
		s.why = fmt.Sprintf("More than %d directories may be workspaces.", limits.Packages)
		return false
	}
	name := strings.TrimPrefix(p, s.dir+"/")
	if s.steps += s.globs.letters() * len(name); s.steps > maxSteps {
		s.costly = true
		return false
	}
	if s.globs.match(name) {
		s.found = append(s.found, p)
	}
	return true
}

// place returns a line of a file as errors name it.
func place(file string, line int) string { return fmt.Sprintf("%s, line %d", show.Name(file), line) }
