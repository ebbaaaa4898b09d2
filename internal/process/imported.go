package process

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

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
	Files  []string // of the modules that a start imports; none if they are not known
}

// isCertain reports whether no container can serve the object: neither variables nor volumes change what the module
// defines.
func (i Imported) isCertain() bool {
	return !i.Later && slices.Contains([]Status{NoModule, NoObject, NotCallable, WantsMore}, i.Status)
}

// isOpen reports whether only the import at the end of a build will show something.
func (i Imported) isOpen() bool { return i.Later || i.Status == Unknown || i.Status == Elsewhere }

// effect returns what follows for a process that must find the object.
func (i Imported) effect() note.Effect {
	if i.isCertain() {
		return note.StopsContainer
	}
	return note.MayStop
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

// byServed returns a function for the result of each import of processes. results are in the order of Served. ok is
// false if there is any other number of them.
func byServed(processes []Process, results []Imported) (result func(app.Served) Imported, ok bool) {
	served := Served(processes)
	if len(results) != len(served) {
		return nil, false
	}
	return func(s app.Served) Imported {
		return results[slices.IndexFunc(served, func(other app.Served) bool { return same(s, other) })]
	}, true
}

// Starts returns the files that a start of the processes now imports, with repetitions. was are the processes before
// Prove, whose results are given. It is nil if the files of a process are not known. A process that runs a command of
// manage.py, whose path may be empty, imports what the other processes of a Django app do, and little else.
func Starts(was, now []Process, results []Imported, manage string) (files []string) {
	result, ok := byServed(was, results)
	if !ok {
		return nil
	}
	for _, process := range now {
		imports := process.imports()
		if len(imports) == 0 && (manage == "" || !strings.Contains(process.Command, path.Base(manage))) {
			return nil
		}
		for _, s := range imports {
			found := result(s)
			if found.Status != There || len(found.Files) == 0 {
				return nil
			}
			files = append(files, found.Files...)
		}
	}
	return files
}
