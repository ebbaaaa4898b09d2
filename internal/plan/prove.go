package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// proveSeconds bounds the imports at the end of a build: all of them together.
const proveSeconds = 20

// Status is the result of the import of an object that a process serves.
type Status string

// What an import may show. NoModule and the three after it are certain: the process cannot start. A package or a file
// may still be there in a container, for example in a volume. Failed is everything else that an import may need: a
// variable, a database. Without an import, most is Unknown, and a module that the app does not have is Elsewhere.
const (
	Unknown     Status = ""
	Elsewhere   Status = "elsewhere" // Name is the module
	There       Status = "there"
	NoModule    Status = "module"    // Name is the module or a package above it
	NoObject    Status = "object"    // Has are the objects of the module
	NotCallable Status = "callable"  // Name is the type of the object
	WantsMore   Status = "arguments" // the factory cannot be called without arguments
	NoPackage   Status = "package"   // Name is a module that the import needs
	NoFile      Status = "file"      // Name is a file or directory of the app that the import needs
	Failed      Status = "failed"
)

// Imported is the result of an import, as build/prove.py prints it.
type Imported struct {
	Status Status
	Name   string
	Has    []string // names of objects that a server could serve
	Reason string   // the error
	Later  bool     // a step of the build may still write what is missing
}

// isCertain reports whether no container can serve the object: neither variables nor volumes change what the module
// defines.
func (i Imported) isCertain() bool {
	return !i.Later && slices.Contains([]Status{NoModule, NoObject, NotCallable, WantsMore}, i.Status)
}

// isOpen reports whether only the import at the end of a build will show something.
func (i Imported) isOpen() bool { return i.Later || i.Status == Unknown || i.Status == Elsewhere }

// prove returns the step that imports what the processes serve. There is none if they serve nothing that is known. It
// has the requests as a file, since a command line has a limit, and is for no layer: each build runs it.
func (p Plan) prove() []Step {
	all := served(p.Processes)
	if len(all) == 0 || !p.Config.Image.CheckProcesses {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil { // texts and lists of them
		panic(err)
	}
	step := filling("image/processes", Prove, "", "")
	step.Stage, step.Input = Finish, File{p.places.private("processes.json"), string(text)}
	step.Argv = []string{"python", p.places.private("prove.py"), step.Input.Path, strconv.Itoa(proveSeconds)}
	step.Env, step.Explain = EnvImage, []string{"machine"}
	step.Needs = append([]string{PythonLayer, VenvLayer}, p.debianNeeds(step)...)
	return []Step{step}
}

// Prove returns the plan with the processes that can start, as far as results show, and with notes about the others.
// The results are in the order of the step; with any other number of results the plan stays as it is.
func (p Plan) Prove(results []Imported) Plan {
	all := served(p.Processes)
	if len(results) != len(all) {
		return p
	}
	result := func(s app.Served) Imported {
		return results[slices.IndexFunc(all, func(other app.Served) bool { return same(s, other) })]
	}
	var processes []Process
	for _, process := range p.Processes {
		switch {
		case process.Line > 0:
			p.Notes = append(slices.Clip(p.Notes), inStage(Finish, lineNotes(process, result))...)
			processes = append(processes, process)
		case len(process.Serves) == 0 || result(process.served()[0]).isOpen():
			processes = append(processes, process)
		default:
			proven, said := p.proven(process, result)
			isReplaced := func(n StagedNote) bool { return n.Text == process.note() }
			p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), isReplaced)
			p.Notes = append(p.Notes, inStage(Finish, said)...)
			processes = append(processes, proven...)
		}
	}
	p.Processes = processes
	return p
}

// proven returns the process that serves the first of the candidates that can be served; none if there is none. If none
// of them is there, the first that may be there in a container is served.
func (p Plan) proven(process Process, result func(app.Served) Imported) (chosen []Process, said note.List) {
	candidates := append([]Process{process}, process.Next...)
	first := func(is func(Imported) bool) int {
		return slices.IndexFunc(candidates, func(c Process) bool { return is(result(c.served()[0])) })
	}
	n := first(func(i Imported) bool { return i.Status == There })
	if n < 0 {
		n = first(func(i Imported) bool { return !i.isCertain() })
	}
	if n < 0 {
		found := result(process.served()[0])
		text := found.about(process.Serves[0])
		if len(found.Has) > 0 {
			text += "; it has " + show.List(found.Has)
		}
		said.Warn("web/not-there", "Processes: the image has no process %s, because %s. Add a Procfile:\n    %s",
			process.Type, text, show.Line(p.lineInstead(process.Serves[0], found)))
		said[0].Effect = note.StopsContainer
		return nil, said
	}
	found := result(candidates[n].served()[0])
	candidates[n].Default = process.Default
	switch found.Status {
	case There:
		said.Hint("web/imported", "%s, which can be imported", candidates[n].note())
	case Failed:
		said.Hint("web/not-imported", "%s. It could not be imported here: %s", candidates[n].note(),
			show.Line(found.Reason))
	default: // it ends like that in a container too, unless a volume has it
		said.Warn("web/cannot-start", "%s, which cannot start: %s", candidates[n].note(),
			found.about(candidates[n].Serves[0]))
	}
	return candidates[n : n+1], said
}

// lineInstead returns an example of a line for the Procfile, with what the module has.
func (p Plan) lineInstead(s app.Served, found Imported) string {
	if len(found.Has) == 0 {
		return procfileExample(p.app, installed.Found{Packages: map[string]string{frameworkFor(s.Interface): ""}})
	}
	w := app.Web{Module: s.Module, Object: found.Has[0], Interface: s.Interface}
	return "web: " + strings.Replace(example(w), w.Name(), shell.Quote(w.Name()), 1)
}

// about says what is missing, as the end of a sentence. It is empty if nothing certain is missing.
func (i Imported) about(s app.Served) string {
	module, object, later := show.Name(s.Module), show.Name(s.Object), ""
	if i.Later {
		later = ", unless a step of the build writes it"
	}
	what := module
	if s.Object != "" {
		what = object + " of " + module
	}
	switch i.Status {
	case NoModule:
		return fmt.Sprintf("there is no module %s%s", module, later)
	case NoObject:
		if s.Object == "" {
			return module + " has no app of Celery"
		}
		return fmt.Sprintf("%s has no %s%s", module, object, later)
	case NotCallable:
		return fmt.Sprintf("%s is not an app, but a value of type %s", what, show.Name(i.Name))
	case WantsMore:
		return fmt.Sprintf("%s cannot be called without arguments (%s)", what, show.Line(i.Reason))
	case NoPackage:
		return fmt.Sprintf("%s needs the module %s, which is not installed", module, show.Name(i.Name))
	case NoFile:
		return fmt.Sprintf("%s needs %s, which does not exist", module, show.Name(i.Name))
	case There, Failed, Unknown, Elsewhere:
	}
	return ""
}
