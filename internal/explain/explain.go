// Package explain says what a build would do, and why, without doing it: no network, no Docker, nothing of the app is
// run. It decides nothing: what it says are the decisions of a build (plan), and what is known only later is
// said with its condition.
package explain

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/settings"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Given is an app with the inputs of its build.
type Given struct {
	Name     string            // of the app
	Source   fs.FS             // the app's directory, with the files that project.toml excludes
	Env      map[string]string // variables, which win over those of project.toml
	Archives versions.Inventory
	Arch     string
	Today    string // "2026-11-29"
}

// Of explains a build.
func Of(g Given) Explanation {
	own := Own()
	x, files, undecided := read(g, own)
	e := Explanation{Schema: Schema, Version: own.Buildpack.Version, App: g.Name, Verdict: Ready}
	var applies bool
	if e.Reason, applies = plan.Applies(x.App); !applies {
		e.Verdict, e.ExitCode = DoesNotApply, ExitDoesNotApply
		return e
	}
	x, foreseen := x.foresee(files, g.Arch)
	fails := fail.Join(undecided, foreseen)
	noServer := x.NoServer(x.listed)
	if noServer != nil { // it says more than the note
		x.Notes = slices.DeleteFunc(slices.Clone(x.Notes), plan.StagedNote.LacksWeb)
	}
	e.Findings, e.More = errorFindings(fail.Join(fails, noServer), own.reporter(x.project))
	hooks := x.hooks()
	said := x.withPages(slices.Concat(x.warnings(), noteFindings(hooks), x.hints()), own.notesPage())
	e.Findings = bySeverity(slices.Concat(e.Findings, said))
	e.doubt = slices.ContainsFunc(x.Notes, func(n plan.StagedNote) bool { return n.MayStop() })
	e.builds = fails == nil && !slices.ContainsFunc(hooks, note.Note.FailsBuild)
	if e.count(SeverityError) > 0 {
		e.Verdict, e.ExitCode = Fails, ExitFails
	}
	e.Variables = x.variables()
	e.lacks = x.lacks()
	e.Runtimes = x.runtimes()
	e.Packages, e.Order, e.Processes = x.packages(), x.order(), x.processes()
	if !x.Open.Image {
		e.Image = x.image()
	}
	e.unknown = x.unknown()
	return x.decisions(e, undecided == nil)
}

// read reads the app and plans its build. A build gets the files, and the error is the user's.
func read(g Given, own Buildpack) (x explanation, files fs.FS, err error) {
	project, projectErr := config.ReadProject(g.Source)
	env := map[string]string{}
	for _, vars := range []map[string]string{project.Env, g.Env} {
		maps.Copy(env, vars)
	}
	c, configErr := config.FromMetadata(own.Metadata, env)
	files = uploaded(g.Source, project)
	a := app.Read(files, plan.Requested(c, app.Others{}))
	p, planErr := plan.New(plan.Question{
		App: a, Config: c, Inventory: g.Archives, Arch: g.Arch, Today: g.Today, Vars: env, Install: env,
		Places: inPack,
	})
	x = explanation{Plan: p, App: a, project: project, env: env, misspelled: plan.Misspelled(own.Metadata, env)}
	return x, files, fail.Join(projectErr, configErr, planErr)
}

// decisions returns e with what a build says of its decisions; of all of them if the plan is complete.
func (x explanation) decisions(e Explanation, complete bool) Explanation {
	first := x.Noted(plan.Prepare, note.Hint)
	e.said = note.Texts(first[1:]) // the first line of the log says why Tandem applies
	if complete {
		middle, last := x.Noted(plan.App, note.Hint), process.WithoutRows(x.Noted(plan.Finish, note.Hint), x.Processes)
		last = slices.DeleteFunc(last, note.Note.MayStop) // these are findings
		first = slices.Concat(first, middle, last)
		e.said = slices.Concat(e.said, note.Texts(middle), note.Texts(last))
	}
	for _, note := range first {
		e.DecisionIDs = append(e.DecisionIDs, note.ID)
	}
	e.Decisions = note.Texts(first)
	return e
}

// explanation has the results from which an Explanation is written.
type explanation struct {
	plan.Plan
	App     app.App
	project config.Project
	env     map[string]string // variables of the build
	listed  manager.Listed
	counts  map[string]int // of packages, by the directory of a project of Node.js

	settings, served settings.Settings // of the build and of the container
	needed           []settings.Variable
	// misspelled are warnings about names of variables.
	misspelled []note.Note
}

// runtimes returns the languages of the build, with their versions and all requests for a version.
func (x explanation) runtimes() (all []Runtime) {
	for _, r := range x.Plan.Runtimes() {
		out := Runtime{Name: r.ID.Name(), Version: r.Version, Why: r.Why}
		for _, asked := range r.Ask.Requests() {
			out.Asked = append(out.Asked, Asked{asked.Want, asked.Source})
		}
		all = append(all, out)
	}
	return all
}

// image returns the contents of the image besides the app, the omitted parts, and the variables of its processes.
func (x explanation) image() (image Image) {
	image.Has = []string{"Python", "packages", "app"}
	switch node := x.Plan.Node; {
	case node == nil:
	case !node.Launch.Node && !node.Launch.Modules:
		image.HasNot = []string{"Node.js", "node_modules"}
	default:
		with := map[bool]string{true: "with", false: "without"}[node.Launch.Dev]
		for _, part := range []struct {
			has  bool
			name string
		}{
			{node.Launch.Node,
				strings.Join(append([]string{strings.TrimSpace("Node.js " + x.Node.Version)},
					node.Launch.Managers...), ", ")},
			{node.Launch.Modules, "node_modules, " + with + " devDependencies"},
		} {
			if part.has {
				image.Has = append(image.Has, part.name)
			} else {
				image.HasNot = append(image.HasNot, strings.TrimSuffix(strings.Fields(part.name)[0], ","))
			}
		}
	}
	image.HasNot = append(image.HasNot, app.Names(x.App.Uploaded)...)
	return image
}
