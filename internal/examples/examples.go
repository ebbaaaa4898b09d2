// Package examples reads the repository's example apps with their golden files. It is for tests only.
package examples

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// Example is an example app with its golden file, which records how Tandem understands the app.
type Example struct {
	Name   string // the name of the app's directory
	File   string // the path of the golden file
	Golden *txtar.Archive
	// App has the files of the repository and as much of the generated lockfiles as a plan needs.
	App      fstest.MapFS
	Sections map[string]string // the results in the golden file, by the names of Sections
}

// Sections returns the names of the results in a golden file; its other parts are files of the app.
func Sections() []string { return []string{"facts", "plan", "log"} }

// Read returns all examples of the repository in the directory root. It is an error if there are none.
func Read(root string) ([]Example, error) {
	files, err := filepath.Glob(filepath.Join(root, "examples/*/expect.json"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, errors.New("there are no examples"))
	}
	var all []Example
	for _, file := range files {
		example, err := read(root, filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		all = append(all, example)
	}
	return all, nil
}

func read(root, dir string) (e Example, err error) {
	e = Example{Name: filepath.Base(dir), Sections: map[string]string{}}
	e.File = filepath.Join(root, "integration/testdata/shapes", e.Name+".txt")
	if e.Golden, err = txtar.ParseFile(e.File); err != nil {
		return e, err
	}
	if e.App, err = appFiles(dir); err != nil {
		return e, err
	}
	for _, f := range e.Golden.Files {
		if slices.Contains(Sections(), f.Name) {
			e.Sections[f.Name] = string(f.Data)
		} else {
			e.App[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return e, nil
}

// appFiles returns the files of an example, without those that examples/.gitignore excludes.
func appFiles(dir string) (fstest.MapFS, error) {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(dir), ".gitignore"))
	if err != nil {
		return nil, err
	}
	ignored := strings.Fields(string(text))
	files := fstest.MapFS{}
	return files, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		inExamples := filepath.Base(dir) + "/" + name
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains(ignored, d.Name()+"/") || slices.Contains(ignored, inExamples+"/")):
			return fs.SkipDir
		case d.IsDir() || slices.Contains(ignored, inExamples):
			return nil
		}
		data, err := os.ReadFile(path)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
}
