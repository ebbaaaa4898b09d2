package python

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// bytecodeProgram compiles Python files, on all cores, to bytes that are a function of the sources.
//
//go:embed bytecode.py
var bytecodeProgram []byte

// Compile writes the bytecode of the app's Python files. Sources may change in a container, so it is compared with
// them at each import. A file that cannot be read, or whose directory cannot be written to, is named in the log.
func Compile(ctx context.Context, in In) error {
	step := in.Plan.Compiling("")
	if step.ID == "" { // no process would read the bytecode
		return nil
	}
	text, err := in.compile(ctx, step, "compile the app's code")
	if err != nil || text == "" {
		return err
	}
	var missing struct {
		Count int
		First []struct{ Name, Reason string }
	}
	if err := json.Unmarshal([]byte(text), &missing); err != nil {
		return fmt.Errorf("read what the compiler of bytecode prints: %w", err)
	}
	var names []string
	for _, m := range missing.First {
		names = append(names, fmt.Sprintf("%s (%s)", show.Name(m.Name), m.Reason))
	}
	if more := missing.Count - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if len(names) > 0 {
		in.Log.Warn("no bytecode could be written for %s", strings.Join(names, ", "))
	}
	return nil
}

// compile runs the program for a step and returns what it prints. name is for the log's timeline.
func (in In) compile(ctx context.Context, step plan.Step, name string, more ...string) (text string, err error) {
	if err := os.WriteFile(step.Argv[3], bytecodeProgram, 0o644); err != nil {
		return "", err
	}
	text, err = in.Start(ctx, step, steps.Call{
		Env: in.Envs.For(step.Env, "").Filled(), Out: io.Discard, Prints: true, Name: name, More: more,
	})
	var failed *run.Error
	if errors.As(err, &failed) {
		return "", fmt.Errorf("%s: %w: %s", name, err, show.Line(lastLine(failed.Tail)))
	}
	return text, err
}

// bytecodeKey is the key of the layer bytecode. Files that are in the old contents and still right stay.
type bytecodeKey struct {
	layer.Common
	Version string `json:"version" say:"Python version"`
	Python  string `json:"python" say:"archive of Python"`
	Sources string `json:"sources" say:"Python packages, or what the processes import" layer:"start"`
}

// sources are the Python files of layers that are compiled.
type sources struct {
	Files       []string // absolute
	Directories []string // with all files below them
}

// ByteCode returns the layer with the bytecode of the files that the processes import. imported has them, absolute
// and as a process of the app has printed them; if it is nil, all files of Python and of the packages are compiled. ok
// is false if no process would read any. All layers must be settled.
//
// Without bytecode every start of a container would compile these files again, python-build-standalone's standard
// library included. Python finds it by the links of linkBytecode. Nothing compares it with its sources: these are in
// layers, which no container changes. https://docs.python.org/3/reference/import.html#pyc-invalidation
func ByteCode(in In, r Result, imported []string) (tree layer.Tree, ok bool, err error) {
	step := in.Plan.Compiling(plan.ByteCodeLayer)
	if step.ID == "" {
		return tree, false, nil
	}
	var ids []string
	layers := r.compiled(in.Plan)
	for _, l := range layers {
		ids = append(ids, l.ID())
	}
	from, err := sourcesIn(layers, imported)
	key := bytecodeKey{
		in.Common, r.Runtime.Release.Version, r.Runtime.Origin, layer.Digest(slices.Concat(ids, from.Files)...),
	}
	return layer.Tree{
		Meta: layer.Meta{Name: plan.ByteCodeLayer, Title: "Bytecode", Key: key, Log: in.Log.Header},
		Ship: true, Keep: true, Update: true,
		Vars: func(string) libcnb.Environment { return environ.NoByteCode() },
		Fill: func(ctx context.Context, dir string) (known layer.Filled, err error) {
			for _, l := range layers {
				if err := l.Get(ctx); err != nil {
					return known, err
				}
			}
			known.Temporary = slices.Contains(ids, "") // of changed packages, which no later build has
			if err := in.compileLayers(ctx, step, from, dir); err != nil {
				return known, err
			}
			return known, makeTargets(layers)
		},
	}, true, err
}

// compiled returns the layers whose files are compiled.
func (r Result) compiled(p plan.Plan) (layers []layer.Contents) {
	for _, name := range p.Compiled() {
		layers = append(layers, map[string]layer.Contents{plan.PythonLayer: r.Runtime, plan.VenvLayer: r.Venv}[name])
	}
	return layers
}

// sourcesIn returns the files of layers that are compiled, see ByteCode.
func sourcesIn(layers []layer.Contents, imported []string) (from sources, err error) {
	for _, l := range layers {
		if imported == nil {
			from.Directories = append(from.Directories, filepath.Join(l.Dir(), "lib"))
			continue
		}
		files, err := filesIn(l.Dir(), imported)
		if err != nil {
			return from, err
		}
		from.Files = append(from.Files, files...)
	}
	return from, nil
}

// compileLayers compiles sources into dir.
func (in In) compileLayers(ctx context.Context, step plan.Step, from sources, dir string) error {
	list, err := json.Marshal(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(step.Argv[len(step.Argv)-1], list, 0o644); err != nil {
		return err
	}
	_, err = in.compile(ctx, step, "compile Python code", dir)
	return err
}

// filesIn returns those of names that are Python files in the lib directory of a layer, sorted and each once. names
// come from a process of the app, so they may be anything.
func filesIn(dir string, names []string) (files []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open a layer: %w", err)
	}
	defer root.Close()
	for _, name := range names {
		rel, inside := strings.CutPrefix(name, dir+"/")
		if !inside || !strings.HasPrefix(rel, "lib/") || !strings.HasSuffix(rel, ".py") || path.Clean(rel) != rel {
			continue
		}
		if info, err := root.Lstat(rel); err == nil && info.Mode().IsRegular() {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}
