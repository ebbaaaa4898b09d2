package app

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Node is what a package.json and its lock file say. Its paths are relative to the app's root folder.
type Node struct {
	Dir             string // "." is the root folder
	Scripts         map[string]string
	Dependencies    []string // names, sorted; optional ones included
	DevDependencies []string
	Locks           []string // the lock files found, in a fixed order

	Inputs   []string // all that decides what node_modules will be, but for
	Settings []string // the lines of .npmrc without credentials
	Linked   []string // folders outside node_modules into which an install script of a "file:" dependency writes

	NodeVersions
}

var nodeLocks = []string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"}

// installScripts are the scripts of the app's own package.json that npm runs while it installs.
// https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order
var installScripts = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}

// credential matches .npmrc's settings that let somebody in. https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
var credential = regexp.MustCompile(`(?i)_auth|_password|token|username|email|keyfile|certfile`)

// Path is a file of the package, relative to the app's root folder.
func (n *Node) Path(name string) string { return path.Join(n.Dir, name) }

// ScriptNames are the names of its scripts, sorted.
func (n *Node) ScriptNames() []string { return slices.Sorted(maps.Keys(n.Scripts)) }

func (r *reader) readNodes() (all []*Node) {
	if n := r.readNode("."); n != nil {
		all = append(all, n)
	}
	return all
}

func (r *reader) readNode(dir string) *Node {
	n := &Node{Dir: dir, Scripts: map[string]string{}}
	file := n.Path("package.json")
	text, ok := r.text(file)
	if !ok {
		return nil
	}
	var pkg struct {
		Scripts              map[string]any
		Dependencies         map[string]any
		OptionalDependencies map[string]any
		DevDependencies      map[string]any
	}
	if err := json.Unmarshal([]byte(text), &pkg); err != nil {
		r.problem(&fail.Error{
			ID: "node/package-json-invalid", What: file + " is not valid JSON", Why: jsonReason(text, err), Err: err,
			Fix: "Correct the file. This command names the place:\n    node -e 'JSON.parse(require(\"fs\").readFileSync(\"" + file + "\"))'",
		})
	}
	n.NodeVersions = r.nodeVersions(dir, text)
	for _, name := range nodeLocks {
		n.Locks = append(n.Locks, r.present([]string{n.Path(name)})...)
	}
	for name, script := range pkg.Scripts {
		if s, ok := script.(string); ok {
			n.Scripts[name] = s
		}
	}
	n.Dependencies = append(names(pkg.Dependencies), names(pkg.OptionalDependencies)...)
	slices.Sort(n.Dependencies)
	n.DevDependencies = names(pkg.DevDependencies)
	r.nodeInputs(n)
	return n
}

func names(dependencies map[string]any) []string { return slices.Sorted(maps.Keys(dependencies)) }

// nodeInputs finds what node_modules is made from.
func (r *reader) nodeInputs(n *Node) {
	n.Inputs = append([]string{n.Path("package.json"), n.Path("patches")}, n.Locks...)
	npmrc, _ := r.text(n.Path(".npmrc"))
	for _, line := range lines(npmrc) {
		if !credential.MatchString(line) {
			n.Settings = append(n.Settings, line)
		}
	}
	for _, script := range installScripts {
		if n.Scripts[script] != "" {
			// It may read anything of the project.
			n.Inputs = append(n.Inputs, n.Dir)
			break
		}
	}
	for _, name := range n.Locks {
		r.lock(n, name)
	}
}

// lock adds what a lock file says to what the installation depends on.
func (r *reader) lock(n *Node, name string) {
	m, known := manager.NodeLock(path.Base(name))
	if !known || m.ReadLock == nil {
		return
	}
	text, _ := r.text(name)
	lock, err := m.ReadLock(text)
	if err != nil {
		r.problem(&fail.Error{
			ID: "node/lock-invalid", What: name + " is not valid JSON", Why: jsonReason(text, err), Err: err,
			Fix: "Make it again and commit it:\n    " + m.Relock,
		})
	}
	for _, local := range lock.Local {
		n.Inputs = append(n.Inputs, n.Path(local))
	}
	for _, linked := range lock.Linked {
		n.Linked = append(n.Linked, n.Path(linked))
	}
}
