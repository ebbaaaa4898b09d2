package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// relock removes what keeps npm from adding the parts for all systems, and generates the lockfile again.
const relock = "rm -rf node_modules package-lock.json && npm install"

// checkLocks looks for packages whose part for the build's CPU is in no lockfile, as npm leaves it out on another
// system. It is an error if a build script certainly needs such a package, since the script would fail after the
// installation. Otherwise it is a warning: the package may be a linter.
func (q Question) checkLocks(node *Node) (said note.List, err error) {
	var errs []error
	of := Plan{Config: q.Config, Node: node}
	for _, project := range node.Projects {
		if project.Install == nil {
			continue
		}
		scripts, _ := of.scripts(project)
		var parts []string
		for _, incomplete := range project.Package.Incomplete {
			part := incomplete.Lacks(q.Arch)
			if part == "" || incomplete.Script {
				continue
			}
			if way := wayTo(incomplete, project, scripts); way != "" {
				errs = append(errs, lockOfAnotherSystem(project, incomplete, part, way))
			} else {
				parts = append(parts, part)
			}
		}
		if len(parts) > 0 {
			said.Warn("node/lock-incomplete", "%s lacks parts of packages that are made for Linux: %s. If a step "+
				"needs one, generate the lockfile again with npm 11.3 or later:\n    %s",
				show.Name(project.Package.Locks[0]), show.List(parts), project.Package.Command(relock))
		}
	}
	return said, fail.Join(errs...)
}

// wayTo returns how a build script certainly meets an incomplete package: the script or the configuration of a bundler,
// and the packages that lead from there. It is empty if that is not certain: a program that a script calls may do
// without a part of its own package, or download it.
func wayTo(incomplete manager.Incomplete, project Project, scripts []string) string {
	for i, need := range incomplete.Needed {
		begin := need.Config
		for _, script := range scripts {
			words := strings.Fields(betweenCommands.Replace(project.Scripts[script]))
			calls := func(program string) bool { return slices.Contains(words, program) }
			if i > 0 && slices.ContainsFunc(append(slices.Clip(need.Programs), need.Package), calls) {
				begin = "npm run " + script
			}
		}
		if begin == "" {
			continue
		}
		way := []string{show.Line(begin)}
		for ; ; i = incomplete.Needed[i].Leads {
			way = append(way, show.Name(incomplete.Needed[i].Package))
			if incomplete.Needed[i].Leads == i {
				return strings.Join(way, " → ")
			}
		}
	}
	return ""
}

// lockOfAnotherSystem returns the error for a lockfile without a part that the build needs.
func lockOfAnotherSystem(project Project, incomplete manager.Incomplete, part, way string) error {
	var locked []string
	for _, p := range incomplete.Parts {
		if p.Locked {
			locked = append(locked, p.Name)
		}
	}
	lock := project.Package.Locks[0]
	why := fmt.Sprintf("%s has no %s, so it was generated on another system.", show.Name(lock), show.Name(part))
	if len(locked) > 0 {
		why = fmt.Sprintf("%s has %s and no %s, so it was generated on another system.", show.Name(lock),
			show.List(locked), show.Name(part))
	}
	return &fail.Error{
		ID:   "node/lock-of-another-system",
		What: path.Base(lock) + " lacks a part of a package that is made for Linux",
		Why:  why + "\nThe build needs the package:\n" + show.Below([]string{way}),
		Fix: fail.Fix{
			fail.Say{Text: "Generate the lockfile again with npm 11.3 or later, and commit it:"},
			fail.Run{Command: relock, In: project.Package.Dir},
		},
	}
}
