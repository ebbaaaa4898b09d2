package app

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/pysource"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Calls are the places where the app's Python files and packages need Node.js.
type Calls struct {
	Packages []string    // Python packages that always call it, by their names
	Node     Call        // a command of Node.js, or the directory node_modules
	Served   []ServedDir // that web frameworks need
	Program  Call        // of a devDependency, next to a Python package that calls such programs by their names
}

// Call is the first string of its kind in the Python files. The zero Call is none.
type Call struct {
	File string
	Line int
	Text string // what is called or named, such as npx
}

// Place returns where the call is, as notes name it.
func (c Call) Place() string { return fmt.Sprintf("%s, line %d", show.Name(c.File), c.Line) }

// callReader looks through Python files for what Calls and Node.Named have.
type callReader struct {
	Calls
	nodes    []*Node  // which Python may name
	programs []string // that Python may call by their names
	hints    []string // a file without any of these is not parsed
}

// readCalls looks through the Python files of an app with a package.json, or with a framework that serves directories.
func (r *reader) readCalls(py *Python, nodes []*Node) Calls {
	if py == nil {
		return Calls{}
	}
	c := callReader{hints: slices.Concat(servedHints(), nodePrograms)}
	byName, served := false, false
	for _, name := range r.packageNames(py) {
		always, named := manager.CallsNode(name)
		byName, served = byName || named, served || servesDirs(name)
		if always {
			c.Packages = append(c.Packages, name)
		}
	}
	if len(nodes) == 0 && !served {
		return Calls{}
	}
	if len(nodes) == 0 {
		c.hints = servedHints()
	} else {
		r.nodeHints(&c, nodes, byName)
	}
	for _, file := range r.pythonFiles() {
		if text, ok := r.source.python(file); ok {
			c.read(file, text)
		}
	}
	return c.Calls
}

// nodeHints adds what Python may call and name of packages of Node.js. byName reports whether a Python package calls
// programs by their names.
func (r *reader) nodeHints(c *callReader, nodes []*Node, byName bool) {
	if root := nodes[0]; byName && root.Dir == "." {
		c.programs = r.programs(root)
	}
	for _, n := range nodes {
		if n.Dir != "." && (len(n.Locks) > 0 || BuildScript(n.Scripts) != "") {
			c.nodes = append(c.nodes, n)
			c.hints = append(c.hints, path.Base(n.Dir), path.Base(n.Output.Dir))
		}
	}
	c.hints = append(c.hints, c.programs...)
}

// packageNames returns the names of the Python packages that the app's files list, normalized.
func (r *reader) packageNames(py *Python) (names []string) {
	files := []string{path.Join(py.Dir, "pyproject.toml")}
	for _, lock := range py.Locks {
		files = append(files, path.Join(py.Dir, manager.Python(lock.Manager).Data().Lock))
	}
	for _, requirements := range py.Requirements {
		files = append(files, requirements.Files...)
	}
	for _, file := range unique(files) {
		if base := path.Base(file); base != "uv.toml" {
			names = append(names, manager.PackageNames(base, r.read(file, limits.Size(file)).text)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// programs returns the names of the programs that the devDependencies of a package have: those that the lockfile lists,
// otherwise the usual ones.
func (r *reader) programs(n *Node) (names []string) {
	for _, name := range n.DevDependencies {
		if listed, ok := n.Lock.Programs[name]; ok {
			names = append(names, listed...)
		} else {
			names = append(names, manager.Programs(name)...)
		}
	}
	return names
}

// read looks through a file.
func (c *callReader) read(file, text string) {
	if !containsAny(text, c.hints...) {
		return
	}
	statements, _ := pysource.Read(text)
	for _, statement := range statements {
		if len(statement.Tokens) == 1 { // documentation
			continue
		}
		opened := []string{statement.Tokens[0].Text} // what is before each open bracket
		for i, token := range statement.Tokens {
			switch {
			case token.Kind == pysource.String:
				at := position{statement.Tokens, i, opened[len(opened)-1]}
				c.string(file, at)
				if dir, ok := at.servedDir(file, statement); ok {
					c.Calls.Served = append(c.Calls.Served, dir)
				}
			case token.Kind != pysource.Op:
			case strings.Contains("([{", token.Text) && i > 0:
				opened = append(opened, statement.Tokens[i-1].Text)
			case strings.Contains(")]}", token.Text) && len(opened) > 1:
				opened = opened[:len(opened)-1]
			}
		}
	}
}

// string notes what a string calls and names.
func (c *callReader) string(file string, at position) {
	text, line := at.text(0), at.tokens[at.i].Line
	if name := at.callsNode(); name != "" && c.Node.File == "" {
		c.Node = Call{file, line, name}
	}
	words := strings.Fields(text)
	isCalled := func(program string) bool { return slices.Contains(words, program) }
	if i := slices.IndexFunc(c.programs, isCalled); i >= 0 && c.Program.File == "" {
		c.Program = Call{file, line, c.programs[i]}
	}
	if name := at.path(); name != "" && at.isPath() {
		for _, n := range c.nodes {
			if n.Named.File == "" && containsAny(name, path.Base(n.Dir), path.Base(n.Output.Dir)) &&
				n.isAt(path.Dir(file), name) {
				n.Named = Call{file, line, name}
			}
		}
	}
}
