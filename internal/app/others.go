package app

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Others has what earlier buildpacks of the same build have installed.
type Others struct {
	Python, Node *Runtime // nil: there is none of theirs
	Packages     *Packages
	Modules      []string // directories of the app in which they have made a node_modules
	Pruned       []string // devDependencies that are not in it
}

// Runtime is an interpreter of an earlier buildpack.
type Runtime struct {
	Buildpack string
	Dir       string // has bin, lib and, with luck, include
	Version   string // "": not asked yet
	// Elsewhere reports that processes of the image look for bytecode in another directory than that of the source.
	Elsewhere bool
}

// Packages are Python packages that an earlier buildpack has installed.
type Packages struct {
	Buildpack string
	Dir       string // site-packages
}

// Place is where a build runs.
type Place struct {
	Machine      fs.FS             // the root of its file system
	Layers, Root string            // the directories of all buildpacks' layers, and of the app
	Env          map[string]string // as earlier buildpacks have left it
}

// Others finds the programs and packages of earlier buildpacks by the environment variables that they set. It ignores
// the programs of the build image, which would not be in the run image. projects are the directories of the app that
// may have packages of Node.js.
func (p Place) Others(projects []string) (o Others) {
	o.Node, _ = p.runtime("node")
	var venv string
	if o.Python, venv = p.runtime("python3"); o.Python != nil {
		o.Packages = p.packages(venv)
	}
	if o.Node == nil {
		return o
	}
	for _, dir := range append([]string{"."}, projects...) {
		if !slices.Contains(o.Modules, dir) && p.modules(dir) {
			o.Modules = append(o.Modules, dir)
		}
	}
	return o
}

// runtime returns the first program of that name on PATH if it is in another buildpack's layer. If the program belongs
// to a virtual environment, venv is the environment's directory, and the result is the interpreter that created it.
func (p Place) runtime(program string) (found *Runtime, venv string) {
	for _, bin := range filepath.SplitList(p.Env["PATH"]) {
		if within(bin, p.Root) || !p.exists(path.Join(bin, program)) { // a package of the app may bring a node
			continue
		}
		if home := p.home(path.Dir(bin)); home != "" {
			bin, venv = home, path.Dir(bin)
		}
		owner := p.owner(bin)
		if owner == "" {
			return nil, ""
		}
		return &Runtime{Buildpack: owner, Dir: path.Dir(bin), Elsewhere: p.cachesElsewhere(path.Dir(bin))}, venv
	}
	return nil, ""
}

// cachesElsewhere reports whether a layer sets PYTHONPYCACHEPREFIX in the processes of the image, as Paketo's cpython
// does. https://github.com/buildpacks/spec/blob/main/buildpack.md#provided-by-the-buildpacks
func (p Place) cachesElsewhere(layer string) bool {
	for _, dir := range []string{"env", "env.launch"} {
		entries, _ := fs.ReadDir(p.Machine, strings.TrimPrefix(path.Join(layer, dir), "/")) // absent: none
		if slices.ContainsFunc(entries, func(d fs.DirEntry) bool {
			name, _, _ := strings.Cut(d.Name(), ".")
			return name == "PYTHONPYCACHEPREFIX"
		}) {
			return true
		}
	}
	return false
}

// home returns the directory of the interpreter of a virtual environment. It is empty if venv is not one.
// https://docs.python.org/3/library/venv.html#how-venvs-work
func (p Place) home(venv string) string {
	file := strings.TrimPrefix(path.Join(venv, "pyvenv.cfg"), "/")
	text, err := limits.Read(p.Machine, file, limits.Size(file))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, "="); strings.TrimSpace(name) == "home" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// packages returns the packages in the virtual environment whose Python is on PATH, or in a directory on PYTHONPATH
// (Paketo's pip).
func (p Place) packages(venv string) *Packages {
	var folders []string
	if in, err := fs.Sub(p.Machine, strings.TrimPrefix(venv, "/")); err == nil {
		found, _ := fs.Glob(in, "lib/python3*/site-packages") // the pattern is ours
		if len(found) > 0 {
			folders = append(folders, path.Join(venv, found[0]))
		}
	}
	for _, folder := range append(folders, filepath.SplitList(p.Env["PYTHONPATH"])...) {
		if owner := p.owner(folder); owner != "" && path.Base(folder) == "site-packages" {
			return &Packages{owner, folder}
		}
	}
	return nil
}

// modules reports whether the node_modules of a directory of the app was created in this build. Then its programs are
// on PATH (Heroku), or it is a link that leads out of the app (Paketo). A node_modules that came with the source is
// neither.
func (p Place) modules(dir string) bool {
	folder := path.Join(p.Root, dir, "node_modules")
	target, err := fs.ReadLink(p.Machine, strings.TrimPrefix(folder, "/"))
	if err == nil {
		return path.IsAbs(target) && !within(target, p.Root)
	}
	return p.exists(folder) && slices.Contains(filepath.SplitList(p.Env["PATH"]), path.Join(folder, ".bin"))
}

// owner returns the id of the buildpack in whose layers a directory lies. It is empty if there is none. An id may have
// one "/".
// https://github.com/buildpacks/spec/blob/main/platform.md#buildpacks-directory-layout
func (p Place) owner(folder string) string {
	if !within(folder, p.Layers) {
		return ""
	}
	escaped, _, _ := strings.Cut(strings.TrimPrefix(path.Clean(folder), path.Clean(p.Layers)+"/"), "/")
	return strings.Replace(escaped, "_", "/", 1)
}

// exists reports whether there is anything at an absolute path. A relative one, as PATH may have, is not looked for.
func (p Place) exists(name string) bool {
	_, err := fs.Stat(p.Machine, strings.TrimPrefix(path.Clean(name), "/"))
	return err == nil && path.IsAbs(name)
}

// within reports whether name lies below dir, by their texts alone.
func within(name, dir string) bool {
	return strings.HasPrefix(path.Clean(name), path.Clean(dir)+"/")
}

// ownUploads returns the paths in found that no earlier buildpack has made.
func (o Others) ownUploads(found []Path) []Path {
	return slices.DeleteFunc(found, func(p Path) bool {
		return path.Base(string(p)) == "node_modules" && slices.Contains(o.Modules, path.Dir(string(p)))
	})
}

// pruned returns the devDependencies that are missing from the node_modules of earlier buildpacks.
func (r *reader) pruned(nodes []*Node) (names []string) {
	for _, n := range nodes {
		if !slices.Contains(r.requested.Others.Modules, n.Dir) {
			continue
		}
		for _, name := range n.DevDependencies {
			if !r.isDir(n.Path("node_modules/" + name)) {
				names = append(names, name)
			}
		}
	}
	return names
}
