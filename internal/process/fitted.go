package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// fitted returns the processes of the Procfile with commands that work in the image, whose app is in Root. A note has
// each change, and a warning what stays wrong. The Procfile itself stays as it is: it still works where it was written
// for. A tool that is among the app's own packages is in the image, and its lines stay.
func (f Facts) fitted(in installed.Found) (all []Process, said note.List) {
	for _, line := range f.App.ProcfileLines() {
		var reasons []string
		command, found := app.WithoutRunners(line.Command, f.App.Python.Scripts)
		if slices.ContainsFunc(found, func(u app.Unwrapped) bool { return in.Has(u.Tool) }) {
			command, found = line.Command, nil // it is in the image
		}
		if command != line.Command {
			reasons = append(reasons, found[0].Tool+" is not in the image, and the packages are found without it")
		}
		said = append(said, f.toolNotes(line, found)...)
		if !app.InDir(f.Root, "/app") {
			exists := func(name string) bool { return slices.Contains(line.Exists, name) }
			changed, missing := app.InRoot(command, f.Root, exists)
			if changed != command {
				reasons = append(reasons, "/app is "+f.Root+" here")
			}
			command = changed
			said = append(said, pathNotes(line, missing, f.Root)...)
		}
		without, also := missingPrograms(line, command)
		if said = append(said, also...); without != command {
			command, reasons = without, append(reasons, "its first program is not in the image")
		}
		if len(reasons) > 0 {
			said.Hint("procfile/changed", "Procfile, line %d: %s. %s is:\n    %s", line.Line,
				strings.Join(reasons, "; "), line.Type, show.Line(command))
		}
		all = append(all, Process{
			Type: line.Type, Command: command, Dir: f.App.ProcfileDir, Line: line.Line,
			Serves: app.ServedBy(command, line.Gunicorn),
		})
	}
	return all, append(said, f.lineNotes(all)...)
}

// toolNotes warns of commands of a line that need a tool that is not in the image. It also warns of extras and groups
// that are not installed.
func (f Facts) toolNotes(line app.Process, found []app.Unwrapped) (said note.List) {
	for _, u := range found {
		if u.Reason != "" {
			said.Warn("procfile/tool-not-in-image",
				"Procfile, line %d: %s is not in the image, and the line cannot be changed, because %s:\n    %s",
				line.Line, u.Tool, show.Line(u.Reason), show.Line(line.Command))
			stops(said, line)
		}
		for _, missing := range []struct {
			names, installed []string
			kind, variable   string
		}{
			{u.Extras, f.Wanted.Extras, "extra", config.PythonExtras},
			{u.Groups, f.Wanted.Groups, "group", config.PythonGroups},
		} {
			for _, name := range missing.names {
				if !slices.Contains(missing.installed, name) {
					all := append(slices.Clip(missing.installed), name)
					said.Warn("procfile/not-installed", "Procfile, line %d: the %s %s is not installed. "+
						"%s=%s installs it", line.Line, missing.kind, show.Name(name), missing.variable,
						show.Word(strings.Join(all, ",")))
				}
			}
		}
	}
	return said
}

// pathNotes warns of paths below /app that the app does not have, and of files of a line that name such paths. These
// files are the app's, and are never changed: other platforms may use them too.
func pathNotes(line app.Process, missing []string, root string) (said note.List) {
	if len(missing) > 0 {
		said.Warn("procfile/app-directory",
			"Procfile, line %d: /app does not exist, and the app, in %s, has no %s:\n    %s: %s",
			line.Line, root, show.List(missing), line.Type, show.Line(line.Command))
		stops(said, line)
	}
	for _, f := range line.Files {
		text := fmt.Sprintf("Write:\n    %s", show.Line(app.LineInRoot(f.Text, root)))
		if strings.HasPrefix(f.Text, "chdir") {
			text = "Remove it: processes start in the app's directory"
		}
		said.Warn("procfile/file-app-directory", "%s, line %d: the app is in %s, not in /app:\n    %s\n%s",
			show.Name(f.File), f.Line, root, show.Line(f.Text), text)
	}
	return said
}

// stops completes the last of the warnings, which says why the process of a line cannot start. A container starts web.
func stops(said note.List, line app.Process) {
	last := &said[len(said)-1]
	if last.File, last.Line = "Procfile", line.Line; line.Type == "web" {
		last.Effect = note.StopsContainer
	}
}
