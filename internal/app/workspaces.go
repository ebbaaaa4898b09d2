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

// readWorkspaces finds the packages that are installed together with n. Of each its package.json counts; of one with
// an install script all, since that may read anything.
func (r *reader) readWorkspaces(n *Node, pkg packageJSON) {
	patterns, err := expand(workspacePatterns(pkg.Workspaces))
	if err != nil {
		r.problem(n.Path("package.json"), &fail.Error{
			ID:   "node/package-json-invalid",
			What: "The workspaces of " + show.Name(n.Path("package.json")) + " cannot be read",
			Why:  err.Error(), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Write fewer and shorter patterns."}},
		})
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

// matching are the folders below dir that have a package.json and match the patterns; of several that do the last
// decides, and one that begins with "!" leaves out.
func (r *reader) matching(dir string, patterns []string) (found []string) {
	globs, steps := globsOf(patterns), 0
	letters := globs.letters()
	if len(globs) == 0 {
		return nil
	}
	looked, why, tooMany := 0, "", false
	r.walkIn(dir, limits.Levels, func(p string, d fs.DirEntry) bool {
		if !d.IsDir() || Skipped(d.Name(), ForSource) {
			return false
		}
		if r.mayBeFile(path.Join(p, "package.json")) {
			if looked++; looked > limits.Packages {
				why = fmt.Sprintf("More than %d folders may be workspaces.", limits.Packages)
				return false
			}
			name := strings.TrimPrefix(p, dir+"/")
			if steps += letters * len(name); steps > maxSteps {
				tooMany = true
				return false
			}
			if globs.match(name) {
				found = append(found, p)
			}
		}
		if strings.Count(p, "/") >= limits.Levels {
			why = fmt.Sprintf("Folders that may be workspaces are more than %d deep.", limits.Levels)
		}
		return true
	})
	switch {
	case tooMany:
		r.problem(path.Join(dir, "package.json"), &fail.Error{
			ID: "node/package-json-invalid", What: "The workspaces of " + where(dir) + " cannot be found",
			Why: "There are too many patterns for so many directories with a package.json.",
			Fix: fail.Fix{fail.Say{Text: "Write fewer and shorter patterns."}},
		})
	case why != "":
		r.problem(dir, tooLarge(why))
	}
	return found
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func place(file string, line int) string { return fmt.Sprintf("%s, line %d", show.Name(file), line) }
