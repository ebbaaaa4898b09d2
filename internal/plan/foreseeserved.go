package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/static"
)

// ForeseeServed returns the plan with what the files show about the objects that processes serve, before a build
// imports them. look returns what is certain of one object, without Has.
func (p Plan) ForeseeServed(look func(app.Served) Imported) Plan {
	var results []Imported
	for _, s := range served(p.Processes) {
		found := look(s)
		found.Later = found.Status == NoModule && p.mayWrite() || found.Status == NoObject && p.app.Hooks.Run()
		for _, w := range p.app.Python.Web {
			if found.Status == NoObject && w.Module == s.Module && !w.Factory {
				found.Has = append(found.Has, w.Object)
			}
		}
		results = append(results, found)
	}
	return p.Prove(results)
}

// mayWrite reports whether a step may write new files into the app, besides collectstatic and translations.
func (p Plan) mayWrite() bool {
	return p.app.Hooks.Run() || slices.ContainsFunc(p.Steps, func(s Step) bool {
		return slices.Contains([]Kind{Script, Management, InstallScript}, s.Kind)
	})
}

// ForeseeDirs returns notes about directories that code of the app serves and the source does not have. exists reports
// whether the source has a directory.
func (p Plan) ForeseeDirs(exists func(dir string) bool) []StagedNote {
	var said note.List
	outputs, complete := p.outputs()
	for _, d := range p.app.Calls.Served {
		isWritten := func(dir string) bool {
			return slices.ContainsFunc(outputs, func(out string) bool { return app.Overlap(dir, out) })
		}
		if slices.ContainsFunc(d.Dirs, exists) || slices.ContainsFunc(d.Dirs, isWritten) {
			continue
		}
		text := fmt.Sprintf("%s, needs %s, which does not exist", d.Place(), show.Name(d.Text))
		switch {
		case !complete:
			said.Hint("web/directory-later", "%s: the build must write %s, which the source does not have", d.Place(),
				show.Name(d.Text))
			continue
		case len(outputs) > 0:
			text += fmt.Sprintf(". The build writes %s: let it write that directory, or name the place where it writes",
				show.List(outputs))
		default:
			text += ". No build script writes it"
		}
		said = append(said, static.MissingDirs(text)...)
		if d.Required {
			said[len(said)-1].Effect = note.MayStop
		}
	}
	return inStage(Finish, said)
}

// outputs returns the directories into which the build scripts write, as far as they are known. Complete is false if a
// step may write others.
func (p Plan) outputs() (dirs []string, complete bool) {
	complete = !p.app.Hooks.Run()
	for _, step := range p.Steps {
		switch step.Kind {
		case Script:
			at := slices.IndexFunc(p.app.Node, func(n *app.Node) bool { return n.Dir == step.Dir })
			if at < 0 || p.app.Node[at].Output.Dir == "" {
				complete = false
				continue
			}
			out := p.app.Node[at].Output
			dirs, complete = append(dirs, out.Dir), complete && out.Known
		case Management, InstallScript:
			complete = false
		default: // none writes what is served
		}
	}
	return dirs, complete
}

// lineNotes returns a warning for each object that a line of the Procfile names in vain. The line stays: the user has
// chosen it, and it may be for an image of another build.
func lineNotes(process Process, result func(app.Served) Imported) (said note.List) {
	for _, s := range process.served() {
		found := result(s)
		text := found.about(s)
		if found.Status == Elsewhere {
			said.Hint("procfile/module-elsewhere", "Procfile, line %d: the app has no module %s. The process starts "+
				"only if a package has it", process.Line, show.Name(found.Name))
			affect(said, process, note.MayStop)
		}
		if text == "" {
			continue
		}
		text = fmt.Sprintf("Procfile, line %d: %s", process.Line, text)
		if found.Status == NoObject && len(found.Has) > 0 && s.Written != "" {
			name := s.Module + ":" + found.Has[0]
			text += fmt.Sprintf("; it has %s:\n    %s: %s", show.List(found.Has), process.Type,
				show.Line(strings.Replace(process.Command, s.Written, name, 1)))
		}
		said.Warn("procfile/not-there", "%s", text)
		affect(said, process, found.effect())
	}
	return said
}

// effect returns what follows for a process that must find the object.
func (i Imported) effect() note.Effect {
	if i.isCertain() {
		return note.StopsContainer
	}
	return note.MayStop
}

// affect sets the place and the effect of the last of the notes, which is about a line of the Procfile. A container
// starts the default process.
func affect(said note.List, process Process, effect note.Effect) {
	last := &said[len(said)-1]
	if last.File, last.Line = "Procfile", process.Line; process.Default {
		last.Effect = effect
	}
}
