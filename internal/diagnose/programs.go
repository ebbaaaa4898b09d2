package diagnose

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// probeProgram finds a {program} that a command of Django's calls and that is not there. node: the build has no
// Node.js.
func probeProgram(f *failure) (string, Vars) {
	tool := ""
	for _, pattern := range f.known.NoProgram {
		if name := firstGroup(pattern, f.Tail); name != "" {
			tool = name
		}
	}
	// The last exception overrides what a shell has said. Earlier ones matter only if neither names a program.
	for _, t := range slices.Backward(f.traces) {
		if name := t.match(f.known.NoFile, "FileNotFoundError"); name != "" && t.ends("/subprocess.py") {
			tool = name
		}
		if tool != "" {
			break
		}
	}
	if tool == "" {
		return "", nil
	}
	name := path.Base(tool)
	if slices.Contains([]string{"node", "npm", "npx"}, name) && !f.Node {
		return "node", Vars{"program": name}
	}
	vars := f.owner(name)
	vars["program"], vars["base"] = name, name
	return "owned", vars
}

// owner finds the package.json that has a program: the package {owner} in the {group} of {manifest}. {pruned} is the
// buildpack that has not installed it, but does so if {variable} is {to}. Or it is {outside} of what is installed,
// excluded in {production}, not complete since its install script is {blocked}, or {installed} there. Otherwise
// {provider} is a package that has the program. {bare} says that there is no package.json. {lock} is the lockfile that
// lists no package with the program. {unknown} says that no package.json has one.
func (f Facts) owner(program string) Vars {
	names := append(f.lockedWith(program), manager.Providers(program)...)
	for _, n := range f.Packages {
		for _, group := range []struct {
			name string
			has  []string
		}{{"dependencies", n.Dependencies}, {"devDependencies", n.DevDependencies}} {
			// dependencies come first: what is in both groups is installed in any case.
			i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(group.has, name) })
			if i < 0 {
				continue
			}
			vars := Vars{"owner": names[i], "group": group.name, "manifest": n.Path("package.json")}
			switch {
			case slices.Contains(f.Pruned.Names, names[i]):
				vars["pruned"], vars["variable"], vars["to"] = f.Pruned.By, f.Pruned.Unset.Name, f.Pruned.Unset.Value
			case !slices.Contains(f.Installed, n.Dir):
				vars["outside"] = n.Dir
			case f.Production && group.name == "devDependencies":
				vars["production"] = "yes"
			case slices.Contains(f.Blocked, names[i]):
				vars["blocked"] = names[i]
			default:
				vars["installed"] = path.Join(n.Dir, "node_modules", ".bin")
			}
			return vars
		}
	}
	vars := Vars{"provider": names[0]}
	switch {
	case len(f.Packages) == 0:
		vars["bare"] = "yes"
	case f.Project != nil && f.Project.Lock.Programs != nil:
		vars["lock"] = f.Project.Locks[0]
	default:
		vars["unknown"] = "yes"
	}
	return vars
}

// lockedWith returns the packages that have a program, as far as the lockfile of the failed command's project lists
// programs.
func (f Facts) lockedWith(program string) (names []string) {
	if f.Project == nil {
		return nil
	}
	for name, programs := range f.Project.Lock.Programs {
		if slices.Contains(programs, program) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// probeCommand finds a {program} that a script of package.json calls and that is not there, in what is {said}.
// manager: it is another package manager than the project's. unowned: nothing is known of the app.
func probeCommand(f *failure) (string, Vars) {
	m := f.known.NoCommand.FindStringSubmatch(f.folded)
	if m == nil {
		return "", nil
	}
	program, is := m[1]+m[2], "owned"
	base := path.Base(program)
	vars := f.otherManager(base)
	switch {
	case vars != nil:
		is = "manager"
	case len(f.Packages) == 0:
		is, vars = "unowned", Vars{}
	default:
		vars = f.owner(base)
	}
	vars["said"], vars["program"], vars["base"] = m[0], program, base
	return is, vars
}

// otherManager finds why a script does not find a package manager: the project's {manager} is another one. {other} is
// the one that has the command, and {lock_it} what makes its lock. It returns nil if the command is none of a package
// manager.
func (f Facts) otherManager(command string) Vars {
	if f.Project == nil {
		return nil
	}
	vars := Vars{"manager": f.Manager.Name, "manifest": f.Project.Path("package.json")}
	for _, m := range manager.Nodes() {
		if m := m.Data(); slices.Contains(m.Programs, command) && m.Name != f.Manager.Name {
			vars["other"], vars["lock_it"] = m.Name, m.Commands.Relock
			return vars
		}
	}
	return nil
}

// probeBlocked finds a {package} in the output whose install script npm has not run. {blocked} are all of those.
func probeBlocked(f *failure) (string, Vars) {
	for _, name := range f.Blocked {
		for _, mark := range []string{"/node_modules/" + name + "/", "'" + name + "'", `"` + name + `"`} {
			if strings.Contains(f.Tail, mark) {
				return "named", Vars{"package": name, "blocked": strings.Join(f.Blocked, " ")}
			}
		}
	}
	return "", nil
}
