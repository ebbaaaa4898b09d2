package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// packageIn reads the package.json of a directory. Bin is a file, or files by the names of programs.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#bin
func packageIn(dir string) (pkg struct {
	Version string
	Bin     any
}, err error) {
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err == nil {
		err = json.Unmarshal(data, &pkg)
	}
	return pkg, err
}

// linkTool creates the directory bin with the programs of a package manager, which the package name has. Names that
// lead out of the package are an error.
func linkTool(dir, name string, m manager.NodeData) (known layer.Filled, err error) {
	within, err := tree.Open(dir)
	if err != nil {
		return known, err
	}
	defer within.Close()
	base := path.Join("node_modules", name)
	pkg, err := packageIn(filepath.Join(dir, base))
	if err != nil {
		return known, err
	}
	for program, file := range programsOf(name, pkg.Bin, m) {
		target, err := app.In(base, fmt.Sprint(file))
		isName := fs.ValidPath(program) && path.Base(program) == program && program != "."
		if err != nil || !isName || !strings.HasPrefix(string(target), base+"/") {
			return known, fmt.Errorf("the package %s has a program %q at %q, which is not in it", name, program, file)
		}
		if err := linkProgram(within, target, filepath.Join(dir, "bin", program)); err != nil {
			return known, err
		}
	}
	known.Facts = layer.Facts{"version": pkg.Version}
	known.BOM = []bom.Component{{PURL: purl.Of(purl.NPM, name, pkg.Version), Evidence: bom.Installed}}
	return known, nil
}

// programsOf returns the files of programs by their names. bin comes from the package.json of the package name.
func programsOf(name string, bin any, m manager.NodeData) map[string]any {
	programs, _ := bin.(map[string]any)
	if file, ok := bin.(string); ok {
		programs = map[string]any{path.Base(name): file}
	}
	if file := m.Program.File; file != "" {
		programs = map[string]any{}
		for _, program := range m.Programs {
			programs[program] = file
		}
	}
	return programs
}

// linkProgram makes file a command. pnpm 12 has scripts without a line that says what runs them: a shell finds out.
func linkProgram(within *tree.Tree, file app.Path, link string) error {
	opened, err := within.FS().Open(string(file))
	if err != nil {
		return err
	}
	begin, err := io.ReadAll(io.LimitReader(opened, 4))
	if err := errors.Join(err, opened.Close()); err != nil {
		return err
	}
	full := filepath.Join(within.Dir(), string(file))
	if !bytes.HasPrefix(begin, []byte("#!")) && !bytes.Equal(begin, []byte("\x7fELF")) {
		return writeScript(link, "exec sh "+shell.Quote(full)+` "$@"`)
	}
	target, err := filepath.Rel(filepath.Dir(link), full)
	if err != nil {
		return err
	}
	at, err := app.In("bin", filepath.Base(link))
	if err != nil {
		return err
	}
	return errors.Join(within.Chmod(file, 0o755), within.MkdirAbove(at), within.Symlink(target, at))
}

// writeScript writes a shell script that runs command.
func writeScript(file, command string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte("#!/bin/sh\n"+command+"\n"), 0o755)
}

// compiledByGyp returns the packages that node-gyp has compiled: it leaves its settings in their directories.
// https://github.com/nodejs/node-gyp#commands
func compiledByGyp(fsys fs.FS, dir string) (names []string, err error) {
	modules := path.Join(dir, "node_modules")
	for _, pattern := range []string{"*", "@*/*", "*/node_modules/*", "@*/*/node_modules/*"} {
		found, err := fs.Glob(fsys, path.Join(tree.Literal(modules), pattern, "build", "config.gypi"))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			names = append(names, strings.TrimPrefix(path.Dir(path.Dir(file)), modules+"/"))
		}
	}
	return names, nil
}
