package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Proof has the processes that can start, as far as imports show.
type Proof struct {
	Processes []Process
	Notes     note.List
	Replaced  []string // texts of notes of Facts.Choose that Notes replace
}

// Prove returns what results show of processes. The results are in the order of Served. ok is false if there is any
// other number of results.
func (f Facts) Prove(all []Process, results []Imported) (proof Proof, ok bool) {
	result, ok := byServed(all, results)
	if !ok {
		return proof, false
	}
	for _, process := range all {
		chosen, said := []Process{process}, note.List(nil)
		switch {
		case process.Line > 0:
			said = process.lineNotes(result)
		case len(process.Serves) > 0 && !result(process.imports()[0]).isOpen():
			chosen, said = f.proven(process, result)
			proof.Replaced = append(proof.Replaced, process.Note())
		}
		proof.Processes, proof.Notes = append(proof.Processes, chosen...), append(proof.Notes, said...)
	}
	return proof, true
}

// lineNotes returns a warning for each object that a line of the Procfile names in vain. The line stays: the user has
// chosen it, and it may be for an image of another build.
func (p Process) lineNotes(result func(app.Served) Imported) (said note.List) {
	for _, s := range p.imports() {
		found := result(s)
		text := found.about(s)
		if found.Status == Elsewhere {
			said.Hint("procfile/module-elsewhere", "Procfile, line %d: the app has no module %s. The process starts "+
				"only if a package has it", p.Line, show.Name(found.Name))
			p.affect(said, note.MayStop)
		}
		if text == "" {
			continue
		}
		text = fmt.Sprintf("Procfile, line %d: %s", p.Line, text)
		if found.Status == NoObject && len(found.Has) > 0 && s.Written != "" {
			name := s.Module + ":" + found.Has[0]
			text += fmt.Sprintf("; it has %s:\n    %s: %s", show.List(found.Has), p.Type,
				show.Line(strings.Replace(p.Command, s.Written, name, 1)))
		}
		said.Warn("procfile/not-there", "%s", text)
		p.affect(said, found.effect())
	}
	return said
}

// affect sets the place and the effect of the last of the notes, which is about a line of the Procfile. A container
// starts the default process.
func (p Process) affect(said note.List, effect note.Effect) {
	last := &said[len(said)-1]
	if last.File, last.Line = "Procfile", p.Line; p.Default {
		last.Effect = effect
	}
}

// proven returns the process that serves the first of the candidates that can be served; none if there is none. If none
// of them is there, the first that may be there in a container is served.
func (f Facts) proven(process Process, result func(app.Served) Imported) (chosen []Process, said note.List) {
	candidates := append([]Process{process}, process.Next...)
	first := func(is func(Imported) bool) int {
		return slices.IndexFunc(candidates, func(c Process) bool { return is(result(c.imports()[0])) })
	}
	n := first(func(i Imported) bool { return i.Status == There })
	if n < 0 {
		n = first(func(i Imported) bool { return !i.isCertain() })
	}
	if n < 0 {
		found := result(process.imports()[0])
		text := found.about(process.Serves[0])
		if len(found.Has) > 0 {
			text += "; it has " + show.List(found.Has)
		}
		said.Warn("web/not-there", "Processes: the image has no process %s, because %s. Add a Procfile:\n    %s",
			process.Type, text, show.Line(f.lineInstead(process.Serves[0], found)))
		said[0].Effect = note.StopsContainer
		return nil, said
	}
	found := result(candidates[n].imports()[0])
	candidates[n].Default = process.Default
	switch found.Status {
	case There:
		said.Hint("web/imported", "%s, which can be imported", candidates[n].Note())
	case Failed:
		said.Hint("web/not-imported", "%s. It could not be imported here: %s", candidates[n].Note(),
			show.Line(found.Reason))
	default: // it ends like that in a container too, unless a volume has it
		said.Warn("web/cannot-start", "%s, which cannot start: %s", candidates[n].Note(),
			found.about(candidates[n].Serves[0]))
	}
	return candidates[n : n+1], said
}

// lineInstead returns an example of a line for the Procfile, with what the module has.
func (f Facts) lineInstead(s app.Served, found Imported) string {
	if len(found.Has) == 0 {
		return procfileExample(f.App, installed.Found{Packages: map[string]string{frameworkFor(s.Interface): ""}})
	}
	w := app.Web{Module: s.Module, Object: found.Has[0], Interface: s.Interface}
	return "web: " + strings.Replace(example(w), w.Name(), shell.Quote(w.Name()), 1)
}
