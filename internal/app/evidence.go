package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Evidence has the settings of another platform for the app, as one of its files states them. Tandem uses none of these
// settings.
type Evidence struct {
	File       string
	Buildpacks []string          // as they are written, in their order
	Env        map[string]string // variables with their values
	Required   []string          // variables whose value the user has to give, sorted
	Processes  []Process         // by name
	Broken     string            // why the file cannot be understood; "": it can
}

// readEvidence reads the files in the order in which their lists of buildpacks count: the one for the whole platform
// first.
func (r *reader) readEvidence() (found []Evidence) {
	for _, f := range []struct {
		name string
		read func(e *Evidence, text string) error
	}{
		{".buildpacks", readBuildpacks}, // https://github.com/heroku/heroku-buildpack-multi
		{"app.json", readAppJSON},       // https://devcenter.heroku.com/articles/app-json-schema
		{"scalingo.json", readAppJSON},  // https://doc.scalingo.com/platform/deployment/scalingo-json
		{"heroku.yml", readHerokuYML},   // https://devcenter.heroku.com/articles/build-docker-images-heroku-yml
		{"project.toml", readProjectTOML},
	} {
		if !r.mayBeFile(f.name) {
			continue
		}
		e := Evidence{File: f.name, Env: map[string]string{}}
		text, err := r.evidence(f.name)
		if err == nil {
			err = f.read(&e, text)
		}
		if err != nil {
			e = Evidence{File: f.name, Broken: strings.Split(err.Error(), "\n")[0]}
		}
		slices.Sort(e.Required)
		found = append(found, e)
	}
	return found
}

// evidence returns the text of a file of another platform. A file that cannot be read does not stop the build.
func (r *reader) evidence(name string) (string, error) {
	f := r.read(name, limits.Size(name))
	var user *fail.Error
	if errors.As(f.err, &user) {
		return "", errors.New(user.Why)
	}
	return strings.TrimSpace(f.text), nil
}

// readBuildpacks reads a .buildpacks, which has the URL of one buildpack a line.
func readBuildpacks(e *Evidence, text string) error {
	e.Buildpacks = manager.Lines(text)
	return nil
}

// readAppJSON reads the buildpacks, which are texts or objects with a URL, and the variables.
func readAppJSON(e *Evidence, text string) error {
	var content struct {
		Buildpacks []any
		Env        map[string]any
	}
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		return err
	}
	for _, buildpack := range content.Buildpacks {
		switch b := buildpack.(type) {
		case string:
			e.Buildpacks = append(e.Buildpacks, b)
		case map[string]any:
			if url, ok := b["url"].(string); ok {
				e.Buildpacks = append(e.Buildpacks, url)
			}
		}
	}
	for name, value := range content.Env {
		e.variable(name, value)
	}
	return nil
}

// variable notes a variable of app.json. value is the value itself, or an object that may have a value or a generator,
// or that marks the variable as optional.
func (e *Evidence) variable(name string, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		e.Env[name] = fmt.Sprint(value)
		return
	}
	switch {
	case object["value"] != nil && object["value"] != "":
		e.Env[name] = fmt.Sprint(object["value"])
	case object["generator"] != nil, object["required"] != false:
		e.Required = append(e.Required, name)
	}
}

// readHerokuYML reads the languages, the variables of both phases and the processes. A process that is an object is
// excluded: it may run in another image.
func readHerokuYML(e *Evidence, text string) error {
	type part struct {
		Config    map[string]any
		Languages []string
	}
	var content struct {
		Setup, Build part
		Run          map[string]any
	}
	if err := limits.DecodeYAML(text, &content); err != nil {
		return err
	}
	e.Buildpacks = content.Build.Languages
	for _, config := range []map[string]any{content.Setup.Config, content.Build.Config} {
		for name, value := range config {
			e.Env[name] = fmt.Sprint(value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(content.Run)) {
		if command, ok := content.Run[name].(string); ok {
			e.Processes = append(e.Processes, Process{Type: name, Command: command})
		}
	}
	return nil
}

// readProjectTOML reads the list only: variables in it come from the platform.
// https://buildpacks.io/docs/reference/config/project-descriptor/
func readProjectTOML(e *Evidence, text string) error {
	type group []struct{ ID, URI string }
	var content struct {
		IO    struct{ Buildpacks struct{ Group group } }
		Build struct{ Buildpacks group }
	}
	if _, err := limits.DecodeTOML(text, &content); err != nil {
		return err
	}
	for _, b := range append(content.IO.Buildpacks.Group, content.Build.Buildpacks...) {
		if name := b.ID + b.URI; b.ID == "" || b.URI == "" {
			e.Buildpacks = append(e.Buildpacks, name)
		} else {
			e.Buildpacks = append(e.Buildpacks, b.ID)
		}
	}
	return nil
}

// RootElsewhere is the directory that is the app's root on another platform. Dir is empty if no file names one.
type RootElsewhere struct{ Dir, Variable, File string }

// rootElsewhere reads the variables by which buildpacks for subdirectories know their directory, as app.json and
// scalingo.json set them. The directory must be in the app.
// https://github.com/timanovsky/subdir-heroku-buildpack (PROJECT_PATH),
// https://github.com/lstoll/heroku-buildpack-monorepo (APP_BASE); PROJECT_DIR is Scalingo's
func (r *reader) rootElsewhere() RootElsewhere {
	for _, e := range r.readEvidence() {
		for _, variable := range []string{"PROJECT_PATH", "PROJECT_DIR", "APP_BASE"} {
			dir, err := In(".", e.Env[variable])
			if err == nil && r.isDir(string(dir)) {
				return RootElsewhere{string(dir), variable, e.File}
			}
		}
	}
	return RootElsewhere{}
}

// Has reports whether a path of the app is in the directory.
func (e RootElsewhere) Has(p string) bool { return e.Dir != "" && InDir(p, e.Dir) }

// order compares two paths of the app: one in the directory comes first.
func (e RootElsewhere) order(a, b string) int {
	switch {
	case e.Has(a) == e.Has(b):
		return 0
	case e.Has(a):
		return -1
	}
	return 1
}
