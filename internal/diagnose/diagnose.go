// Package diagnose explains why a command of a build failed: by rules, which are data, from what the command printed
// and what is known of the app. It runs nothing and reads no files.
package diagnose

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Step is the command that failed, as far as an error is about it. Its texts are shown as they are.
type Step struct {
	Kind    string   // the rule of step.toml that explains it if no other does; empty: none
	Sets    []string // the rule sets that explain it, looked through in this order
	Title   string   // its name: the path of a hook, the name of a script
	Command string   // as a user types it
	Try     string   // what the user may try instead on another machine
	Dir     string   // the directory of the app in which commands about its project are typed
	Words   Words    // what the rules call more by name
}

// Words are texts that rules may mention, by their names there: the commands of a package manager, say.
type Words map[string]string

// Exit says how a command ended. All fields come from run.Error. If the command did not start, only Err is set.
type Exit struct {
	// Code is the exit code, and Signal what ended the command instead. Both are 0 if it did not start.
	Code   int
	Signal syscall.Signal
	Tail   string // the end of what it printed
	Err    error  // becomes the cause of the error
	Excess bool   // it printed more than a result may have

	Program string // the name of what was started; empty if that is not known
	CPU     string // the CPU's architecture if the build runs under emulation
}

// ran reports whether the command started.
func (e Exit) ran() bool { return e.Code != 0 || e.Signal != 0 }

// killed reports whether the command was ended by SIGKILL, itself or below a shell.
func (e Exit) killed() bool { return e.Signal == syscall.SIGKILL || e.Code == 128+int(syscall.SIGKILL) }

// Facts are what the probes ask: of the app, of its packages, of the machine. A command without an app has none.
type Facts struct {
	Root           string                 // the app's directory
	Has            func(name string) bool // reports whether the failed command had a variable
	SettingsModule string                 // DJANGO_SETTINGS_MODULE of the build; empty: what manage.py says
	Modules        []string               // names that it may have: the settings modules of the app
	Build, Served  string                 // those of manage.py and wsgi.py, if they differ and nothing else chooses
	Missing        []string               // variables that the settings lack, if that is known without the output
	Said           []string               // what the imports of the settings that found Missing printed
	Packages       []*app.Node            // every package.json of the app
	Installed      []string               // the directories of those that are installed
	Node           bool                   // Node.js is used in the build
	Production     bool                   // without devDependencies
	Pruned         Pruned                 // devDependencies that an earlier buildpack should have installed
	Ran            []string               // the build scripts that have run, as commands
	Blocked        []string               // the packages whose install scripts the package manager has not run
	Project        *app.Node              // the package that the failed command is about
	Manager        manager.NodeData       // its package manager
	Migration      *app.Find              // the line of the failed hook that changes a database
	Migrates       bool                   // the image has a process type migrate
	Free           func() string          // says how much space is left where a build writes
	Offers         Offers
	Pins           Pins // of the Python packages, if they are for another Python
}

// Pins are versions of Python packages that a tool has chosen for one version of Python.
type Pins struct{ File, Python string }

// Pruned are devDependencies that are not in the packages of an earlier buildpack.
type Pruned struct {
	Names []string
	By    string           // the buildpack
	Unset manager.Variable // with which it would install them; the zero value if that is not known
}

// Explanation says why a command failed.
type Explanation struct {
	// ID, What, Why and Fix become the error's. Without an ID there is no explanation.
	ID, What, Why string
	Fix           fail.Fix
	Final         bool // no later step of the build can mend it
	Temporary     bool // running the build again may help

	sets  []string // those that have the rule; none: it is the step's own
	rule  string   // its name
	cause error
}

// Explain explains how step ended. The first rule of its sets that fits explains; then rules that wrap such a one.
func Explain(step Step, exit Exit, facts Facts) Explanation {
	c := newCase(load(), step, exit, facts)
	found, ok := c.first()
	if !ok && exit.ran() {
		found = c.base
	}
	for _, set := range step.Sets {
		if wrapped, ok := c.wrapped(set, found); ok {
			found = wrapped
		}
	}
	found.cause = exit.Err
	return found
}

// ExplainError adds to an error that no failed command explains what the machine has to do with it.
func ExplainError(err error, exit Exit, facts Facts) error {
	var already explained
	if errors.As(err, &already) {
		return err
	}
	c := newCase(load(), Step{Sets: []string{"machine"}}, exit, facts)
	var said Explanation
	if user, ok := fail.User(err); ok {
		said = Explanation{ID: user.ID, What: user.What, Why: user.Why, Fix: user.Fix}
	}
	found, ok := c.wrapped("machine", said)
	if !ok {
		return err
	}
	found.cause = err
	return found.Error()
}

// Error returns the explanation as the user reads it; nil if there is none.
func (x Explanation) Error() *fail.Error {
	if x.ID == "" {
		return nil
	}
	return &fail.Error{ID: x.ID, What: x.What, Why: x.Why, Fix: x.Fix, Err: explained{x.cause},
		Temporary: x.Temporary}
}

// explained marks the cause of an error that Explain made.
type explained struct{ error }

// Error returns the text of the cause, for logs of developers.
func (e explained) Error() string {
	if e.error == nil {
		return "explained"
	}
	return e.error.Error()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e explained) Unwrap() error { return e.error }

// lines joins the entries of a list variable.
func lines(all []string) string { return strings.Join(all, "\n") }

// problem returns the error about a mistake in the rules. A test finds it before a release.
func problem(file, format string, args ...any) error {
	return fmt.Errorf("rules/%s: "+format, append([]any{file}, args...)...)
}
