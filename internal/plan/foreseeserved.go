package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/static"
)

// ForeseeServed returns the plan with what the files show about the objects that processes serve, before a build
// imports them. look returns what is certain of one object, without Has.
func (p Plan) ForeseeServed(look func(app.Served) process.Imported) Plan {
	var results []process.Imported
	for _, s := range process.Served(p.Processes) {
		found := look(s)
		found.Later = found.Status == process.NoModule && p.mayWrite() ||
			found.Status == process.NoObject && p.app.Hooks.Run()
		for _, w := range p.app.Python.Web {
			if found.Status == process.NoObject && w.Module == s.Module && !w.Factory {
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
