package build

import (
	"context"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// results are what the installations have shown. Each returns its own result, and they share nothing.
type results struct {
	python python.Result
	node   node.Result // the zero value if Node.js is not used
	debian map[string]steps.SystemPart

	imported []string // the files that a start of the processes imports; nil if they are not known
}

// install creates the runtimes and packages of both languages in parallel. All layers that depend on nothing are
// declared first, so that a wrong setting fails the build before any download.
func (h Host) install(ctx context.Context, d decisions) (done results, err error) {
	if note := h.Platform.BoundNote(); note != "" {
		h.main().Header("%s", note)
	}
	h.main().Title("Install")
	if d.debian, err = h.declareDebian(d); err != nil {
		return done, err
	}
	forPython := h.pythonIn(h.pythonLog(d), d)
	logAccess(forPython.Log, forPython.Access)
	runtime, venv, err := python.Declare(forPython)
	if err != nil {
		return done, err
	}
	d = h.withImagePackages(ctx, d, venv)
	forPython.Runner, done.debian = h.runner(forPython.Log, d), d.debian
	if d.plan.Node == nil {
		done.python, err = python.Install(ctx, forPython, runtime, venv)
		return done, fail.Join(err, h.reap("the installation"))
	}
	forNode := h.nodeIn(h.Log.Branch("node"), d, runtime)
	logAccess(forNode.Log, forNode.Access)
	js, err := node.Declare(forNode)
	if err != nil {
		return done, err
	}
	err = run.Parallel(ctx,
		func(ctx context.Context) (err error) {
			done.node, err = node.Install(ctx, forNode, js)
			return err
		},
		func(ctx context.Context) (err error) {
			done.python, err = python.Install(ctx, forPython, runtime, venv)
			return err
		},
	)
	return done, fail.Join(err, h.reap("the installation"))
}

// pythonLog returns the part of the log for the installation of Python.
func (h Host) pythonLog(d decisions) *ui.Branch {
	if d.plan.Node != nil {
		return h.Log.Branch("python")
	}
	return h.main()
}

// pythonIn returns what the installation of Python is given, with its part of the log.
func (h Host) pythonIn(log *ui.Branch, d decisions) python.In {
	return python.In{
		Runner: h.runner(log, d), Layers: h.Layers, Common: h.Common, Fetch: h.Fetch,
		Access: h.Access[binding.Python], Inventory: h.Inventory, Pip: d.pip,
	}
}

// nodeIn returns what the installation of Node.js is given, with its part of the log.
func (h Host) nodeIn(log *ui.Branch, d decisions, interpreter layer.Contents) node.In {
	return node.In{
		Runner: h.runner(log, d), Layers: h.Layers, Common: h.Common, Fetch: h.Fetch,
		Access: h.Access[binding.Node], Python: interpreter,
	}
}

// logAccess names the bindings that the installation of a language gets.
func logAccess(log *ui.Branch, access binding.Access) {
	if note := access.Note(); note != "" {
		log.Header("%s", note)
	}
}
