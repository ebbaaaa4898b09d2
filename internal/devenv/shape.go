package devenv

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

// Shape is an example with its golden file: how it is understood.
type Shape struct {
	Name, File string
	Golden     *txtar.Archive
	App        fstest.MapFS      // the example, with as much of the locks as a plan needs: they are made when it is staged
	Sections   map[string]string // the parts of the golden file that are results
}

// ShapeSections are the results in a golden file; its other parts are files of the app.
var ShapeSections = []string{"facts", "plan", "log"}

// Shapes are all examples of the repository.
func Shapes(repository string) (all []Shape, err error) {
	apps, err := filepath.Glob(filepath.Join(repository, "examples/*/expect.json"))
	if err != nil || len(apps) == 0 {
		return nil, errors.Join(err, errors.New("there are no examples"))
	}
	for _, file := range apps {
		shape := Shape{Name: filepath.Base(filepath.Dir(file)), Sections: map[string]string{}}
		shape.File = filepath.Join(repository, "integration/testdata/shapes", shape.Name+".txt")
		if shape.Golden, err = txtar.ParseFile(shape.File); err != nil {
			return nil, err
		}
		if shape.App, err = exampleFiles(filepath.Dir(file)); err != nil {
			return nil, err
		}
		for _, f := range shape.Golden.Files {
			if slices.Contains(ShapeSections, f.Name) {
				shape.Sections[f.Name] = string(f.Data)
			} else {
				shape.App[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		all = append(all, shape)
	}
	return all, nil
}

// exampleFiles are the files of an example, without what examples/.gitignore leaves out.
func exampleFiles(dir string) (fstest.MapFS, error) {
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
