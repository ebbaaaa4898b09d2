package plan

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/versions"
)

var update = flag.Bool("update", false, "write what is got into testdata")

// Each file of testdata is an app: lines "NAME=value" are its variables (and "last python" or
// "last node" the line of the last build), "installed: a b" its Python packages and
// "settings: static-root wsgi asgi" its Django settings, and "theirs: python=ID@VERSION packages=ID node=ID@VERSION
// modules=DIR" what earlier buildpacks have made ("collected": STATIC_ROOT too). With "imports: shown" the plan has what
// the processes import. Then come its files, and last, as "want", the plan as text.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			fsys, want := fstest.MapFS{}, ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got := describe(fsys, string(archive.Comment))
			if *update {
				archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
				archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func describe(fsys fstest.MapFS, comment string) string {
	vars := map[string]string{config.SecretKeyPlaceholder: "true", config.PythonInstaller: "uv"}
	in := installed.Found{Packages: map[string]string{}}
	for line := range strings.Lines(comment) {
		if text, ok := strings.CutPrefix(line, "theirs: "); ok {
			vars["theirs"] = text
		} else if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			vars[name] = value
		} else if packages, ok := strings.CutPrefix(line, "installed: "); ok {
			for _, name := range strings.Fields(packages) {
				name, version, _ := strings.Cut(name+"@1.0", "@")
				in.Packages[name], _, _ = strings.Cut(version, "@")
			}
		} else if settings, ok := strings.CutPrefix(line, "settings: "); ok {
			fields := strings.Fields(settings)
			in.Settings = &installed.Settings{StaticRoot: fields[0], Staticfiles: fields[0] != "-", WSGI: fields[1]}
			if len(fields) > 2 {
				in.Settings.ASGI = fields[2]
			}
		}
	}
	var out strings.Builder
	c, a, err := readApp(fsys, vars)
	reason, ok := Applies(a)
	fmt.Fprintf(&out, "detect: %v, %s\n", ok, reason)
	if !ok {
		return out.String()
	}
	var p Plan
	var settled note.List
	q := Question{App: a, Vars: vars, Arch: "amd64", Last: Last{Python: vars["last python"], Node: vars["last node"]}}
	if err == nil {
		q.Config, settled = withEvidence(a, c)
		p, err = decide(q)
	}
	if err != nil {
		return out.String() + "error:\n" + err.Error() + "\n"
	}
	if p.Python.Provided {
		out.WriteString("python: theirs\n")
	} else {
		fmt.Fprintf(&out, "python: %s by %s, of %s\n", asked(p.Python.Ask), way(p.Python),
			strings.Join(p.Python.Sources.Files, " "))
	}
	if p.Python.Dir != "." && !p.Python.Provided {
		fmt.Fprintf(&out, "    in: %s\n", p.Python.Dir)
	}
	if dirs := p.Modules(); len(dirs) > 0 {
		fmt.Fprintf(&out, "    modules in: %s\n", strings.Join(dirs, " "))
	}
	if p.Node != nil {
		fmt.Fprintf(&out, "node: %s\n", asked(p.Node.Ask))
		if l := p.Node.Launch; l.Node || l.Modules {
			fmt.Fprintf(&out, "in the image: node %v %v, node_modules %v\n", l.Node, l.Managers, l.Modules)
		}
	}
	for _, project := range p.Projects() {
		fmt.Fprintf(&out, "project: %s by %s\n", project.Package.Dir, strings.Join(project.Install, " "))
		if tool := project.Tool; tool.Version.Source != "" {
			fmt.Fprintf(&out, "    tool: %s from %s\n", project.ManagerData().Name+"@"+tool.Version.Want+tool.File,
				tool.Version.Source)
		}
		fmt.Fprintf(&out, "    of: %s\n    makes: %s\n", strings.Join(project.Inputs, " "),
			strings.Join(app.Names(project.Roots), " "))
	}
	q.Places = Places{App: "/workspace", Layers: "/layers"}
	p = q.follow(p)
	err = orderly(p)
	p, _ = p.Settle(in) // an old gunicorn has a test of its own
	if err := errors.Join(err, orderly(p)); err != nil {
		return out.String() + "order:\n" + err.Error() + "\n"
	}
	for _, s := range p.In(Place{Stage: App}) {
		if len(s.Argv) == 0 {
			continue
		}
		fmt.Fprintf(&out, "step: %s", strings.Join(s.Argv, " "))
		if s.Dir != "." {
			fmt.Fprintf(&out, " in %s", s.Dir)
		}
		out.WriteString("\n")
	}
	for _, proc := range p.Processes {
		where := ""
		if proc.Dir != "." {
			where = ", in " + proc.Dir
		}
		fmt.Fprintf(&out, "process: %s (default %v%s): %s\n", proc.Type, proc.Default, where, proc.Command)
		for _, s := range process.Served([]process.Process{proc}) {
			if strings.Contains(comment, "imports: shown") {
				fmt.Fprintf(&out, "    imports: %s by %s in %s %v %v\n", s.Name(), s.Server, s.Dir, s.Path, s.Vars)
			}
		}
	}
	set := func(name string) bool { return vars[name] != "" }
	said := slices.Concat(settled, missing(a, q.Config, set), valuesElsewhere(a, set), settingsDiffer(a, q.Config, set), settingsChosen(a, set),
		p.CollectedBefore(strings.Contains(vars["theirs"], "collected")), p.all(), p.unverified(vars),
		p.PrunedBefore(vars["NODE_ENV"] == "production"))
	for _, n := range said {
		if n.ID == "" {
			return out.String() + "a note without an id: " + n.Text + "\n"
		}
		kind := map[note.Severity]string{note.Hint: "note", note.Warning: "warning"}[n.Severity]
		fmt.Fprintf(&out, "%s: %s\n", kind, n.Text)
	}
	return out.String()
}

// all returns the notes of all stages.
func (p Plan) all() (all []note.Note) {
	for _, n := range p.Notes {
		all = append(all, n.Note)
	}
	return all
}

// readApp reads the facts as a build does.
func readApp(fsys fstest.MapFS, vars map[string]string) (config.Config, app.App, error) {
	c, err := config.Read(func(name string) (string, bool) { v, ok := vars[name]; return v, ok })
	requested := Requested(c, theirs(vars["theirs"]))
	requested.Manage = vars[config.ManagePath]
	return c, app.Read(fsys, requested), err
}

// theirs is what earlier buildpacks have made, as the golden files write it.
func theirs(text string) (o app.Others) {
	for _, word := range strings.Fields(text) {
		name, value, _ := strings.Cut(word, "=")
		id, version, _ := strings.Cut(value, "@")
		switch name {
		case "python":
			o.Python = &app.Runtime{Buildpack: id, Version: version}
		case "node":
			o.Node = &app.Runtime{Buildpack: id, Version: version}
		case "packages":
			o.Packages = &app.Packages{Buildpack: id}
		case "modules":
			o.Modules = append(o.Modules, value)
		}
	}
	return o
}

// asked is a version as the golden files show it: lines to prefer only where a range may have no end.
func asked(a versions.Ask) string {
	text := a.First.Want + " from " + a.First.Source
	for _, also := range a.Within {
		text += ", within " + also.Want + " from " + also.Source
	}
	if strings.ContainsAny(a.First.Want, ">*^") {
		text += fmt.Sprintf(", prefer %q", a.Prefer)
	}
	return text
}

// way is the lock or the files that decide, and what is asked for beside the usual.
func way(py *Python) string {
	words := []string{py.ManagerData().Lock + strings.Join(py.Wanted.Files, " ")}
	if py.Manager == manager.Project {
		words = []string{py.Sources.Files[0]}
	}
	if py.Manager == manager.Pip {
		words = append(words, "with pip itself")
	}
	if py.Wanted.Root {
		words = append(words, "with the app itself")
	}
	for _, names := range [][]string{py.Wanted.Extras, py.Wanted.Groups, py.Sources.Args} {
		words = append(words, names...)
	}
	for _, v := range py.GitVersions {
		words = append(words, v.Package+" "+v.Variable)
	}
	return strings.Join(words, " ")
}

// The version of a package manager becomes a word of a command: the kernel takes none of 128 KB.
func TestAVersionOfAManagerHasALimit(t *testing.T) {
	for name, text := range map[string]string{
		"engines": `{"engines": {"npm": "` + strings.Repeat("99999||", 30_000) + `22"}, "dependencies": {"a": "1"}}`,
		"exact":   `{"packageManager": "npm@` + strings.Repeat("1", 200_000) + `", "dependencies": {"a": "1"}}`,
		"yarn":    `{"packageManager": "yarn@` + strings.Repeat("1 ", 200) + `", "dependencies": {"a": "1"}}`,
	} {
		fsys := fstest.MapFS{"requirements.txt": {}, "package.json": {Data: []byte(text)}}
		if got := describe(fsys, ""); !strings.Contains(got, "(version/malformed)") || len(got) > 1000 {
			t.Errorf("%s: got %.1000s", name, got)
		}
	}
}
