package manager

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// PythonManager is a package manager of Python, or a way to use one.
type PythonManager interface {
	Data() PythonData
	// Read returns what the app's files say. files are requirements files.
	Read(src Source, files []string) Sources
	// Commands returns the commands of an installation.
	Commands(t Target) []Command
	// Env returns the variables of an installation. An empty value removes a variable.
	Env(t Target) map[string]string
	// Packages returns what the app's files list for an installation on a machine.
	Packages(src Source, w Wanted, on Machine) Listed
	// Try returns the command that users can try on their machines, for errors.
	Try(w Wanted) string
}

// PythonData describes a package manager of Python.
type PythonData struct {
	ID       ID
	Name     string      // as users call it, and as the package of the tool is called
	Lock     string      // its lockfile; "" for requirements files
	Relock   string      // the command that creates the lockfile again, for errors
	Add      string      // the command that adds the package whose name follows, for errors; "" for requirements files
	Wins     bool        // its lockfile is used even next to a requirements.txt that a person wrote
	Exports  string      // what the first lines of requirements files that it writes contain, in lower case; may be ""
	Tool     string      // requirements with hashes by which uv installs the manager; "" if uv is all it needs
	Way      string      // how it installs, if Name does not say so; for keys
	Fresh    bool        // it cannot turn an old environment into what a new one would be
	Pip      PipSettings // how it uses pip's settings
	Settings []string    // prefixes of the variables that change what it installs
	Failures string      // the rule set of package diagnose that explains them
	Rehash   string      // the command that renews the hashes of packages, for errors
	Lists    string      // where its users list packages, for errors
	Main     []string    // its names for the packages that belong to no group, which are installed anyway
}

// PipSettings says how a manager uses pip's variables and pip.conf.
type PipSettings int

// Nothing, or uv is told what they mean, or pip gets them.
const (
	PipIgnored PipSettings = iota
	PipForUV
	PipForPip
)

// Source reads the directory of the app in which a manager works. A name may lead out of that directory ("../shared").
type Source struct {
	Text  Reader
	IsDir func(name string) bool
}

// Sources are what an installation is made from. Without Files there is no such installation.
type Sources struct {
	Files         []string // what lists the packages, relative to the directory in which the manager works
	Local         []string // files and directories of the app that are packages
	Options       []string // how to install, in addition to the names
	Args          []string // arguments for uv that Options imply
	Env           map[string]string
	Extras        []string // optional parts that may be requested
	Groups        []string
	Packages      PackagesBy
	Members       []Member     // of the workspace, without the package of the directory itself
	OwnSetuptools bool         // requirements name setuptools, or have hashes, next to which nothing can be added
	Root          bool         // the app itself is installed as a package
	GitVersions   []GitVersion // packages of the app whose version comes from git
	NoHashes      bool         // the lockfile has packages without a hash, so its manager exports no hashes
	Alone         string       // why no other tool than the manager can install the packages; "" if uv can
	Creator       string       // the tool that wrote the lockfile, as the lockfile names it; "" if unknown
	Version       string       // the version that the manager itself must have, as the app writes it; "" for any
	VersionFile   string       // the file that has Version
	Unverified    []Setting    // settings by which any TLS certificate is accepted
	Notes         []string
	Refused       []Line // the first of the lines that pip refuses, which it does only when it installs
	Err           error  // a file is not valid; the parser's error
}

// Member is a package of a workspace.
type Member struct {
	Name, Dir      string
	Extras, Groups []string // that may be requested
}

// In returns the sources with paths of the app, for a manager that works in the app's directory dir. Paths that lead
// out of the app are removed.
func (s Sources) In(dir string) Sources {
	s.Files, s.Local = within(dir, s.Files), within(dir, s.Local)
	s.Refused = slices.Clone(s.Refused)
	for i := range s.Refused {
		s.Refused[i].File = path.Join(dir, s.Refused[i].File)
	}
	s.Unverified = slices.Clone(s.Unverified)
	for i := range s.Unverified {
		s.Unverified[i].File = path.Join(dir, s.Unverified[i].File)
	}
	if s.VersionFile != "" {
		s.VersionFile = path.Join(dir, s.VersionFile)
	}
	s.GitVersions = slices.Clone(s.GitVersions)
	for i := range s.GitVersions {
		s.GitVersions[i].File = path.Join(dir, s.GitVersions[i].File)
	}
	var members []Member
	for _, member := range s.Members {
		if member.Dir = path.Join(dir, member.Dir); fs.ValidPath(member.Dir) {
			members = append(members, member)
		}
	}
	s.Members = members
	return s
}

// within returns the paths of names in dir, without those that lead out of the app.
func within(dir string, names []string) (found []string) {
	for _, name := range names {
		if name = path.Join(dir, name); fs.ValidPath(name) {
			found = append(found, name)
		}
	}
	return found
}

// Wanted selects the packages of an app to install.
type Wanted struct {
	Files          []string // requirements files, relative to the directory in which pip works
	Extras, Groups []string
	Package        string // the member of the workspace; "" for the project of the directory
	Root           bool
}

// Pythons returns the managers that have a lockfile, in the order in which they are named.
func Pythons() []PythonManager {
	return slices.DeleteFunc(pythons(), func(m PythonManager) bool { return m.Data().Lock == "" })
}

// pythons returns all managers of Python, those without a lockfile last.
func pythons() []PythonManager {
	return []PythonManager{newUV(), newPoetry(), newPipenv(), newPDM(), newPylock(), newProject(), newRequirements(),
		newPip()}
}

// Python returns the manager with an id. Without one, the result has no data and installs nothing.
func Python(id ID) PythonManager {
	for _, m := range append(pythons(), newPoetryInstaller()) {
		if m.Data().ID == id {
			return m
		}
	}
	return describedPython{}
}

// describedPython is a manager without rules of its own. Managers embed it.
type describedPython struct{ data PythonData }

func (d describedPython) Data() PythonData            { return d.data }
func (describedPython) Read(Source, []string) Sources { return Sources{} }
func (describedPython) Commands(Target) []Command     { return nil }
func (describedPython) Env(Target) map[string]string  { return nil }
func (describedPython) Try(Wanted) string             { return "" }

// Packages returns none.
func (describedPython) Packages(Source, Wanted, Machine) Listed { return Listed{} }

// Exporter returns the mark of the manager that has written a file. It is empty for a file that a person wrote.
func Exporter(text string) string {
	head := strings.ToLower(strings.Join(strings.SplitN(text, "\n", 8)[:min(7, strings.Count(text, "\n")+1)], "\n"))
	for _, m := range pythons() {
		if mark := m.Data().Exports; mark != "" && strings.Contains(head, mark) {
			return mark
		}
	}
	return ""
}
