// Package explain says what a build would do, and why, without doing it: no network, no Docker, nothing of the app is
// run. It decides nothing: what it says are the decisions of a build (plan), and what is known only later is
// said with its condition.
package explain

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Given is an app and what a build of it would be given.
type Given struct {
	Source   fs.FS             // the app's folder, of which pack would leave out what project.toml excludes
	Env      map[string]string // variables, which win over those of project.toml
	Archives versions.Inventory
	Arch     string
	Today    string // "2026-11-29"
}

// Of explains a build.
func Of(g Given) Explanation {
	project, err := config.ReadProject(g.Source)
	env := map[string]string{}
	for _, vars := range []map[string]string{project.Env, g.Env} {
		for name, value := range vars {
			env[name] = value
		}
	}
	c, configErr := config.FromMetadata(descriptor().Metadata, env)
	a := app.Read(uploaded(g.Source, project), plan.Requested(c, app.Others{}))
	p, planErr := plan.New(plan.Question{
		App: a, Config: c, Inventory: g.Archives, Arch: g.Arch, Today: g.Today, Vars: env, Install: env,
		Places: inPack,
	})
	x := explanation{Plan: p, App: a}
	e := Explanation{Form: form, Warnings: x.warnings()}
	e.Problems, e.More = problems(fail.Join(err, configErr, planErr))
	if e.Reason, e.TakesPart = plan.Applies(a); !e.TakesPart {
		return Explanation{Form: form, Reason: e.Reason}
	}
	e.Decisions, e.Advice, e.Runtimes = x.lines(), x.advice(), x.runtimes()
	if len(e.Problems) > 0 {
		return e // what would follow depends on how they are solved
	}
	e.Packages, e.Image = x.packages(), x.image()
	e.Order, e.Processes = x.order(), x.processes()
	e.Decisions = slices.Concat(e.Decisions, x.Texts(plan.App, plan.Hint), x.Texts(plan.Finish, plan.Hint))
	return e
}

// explanation is what an Explanation is made of.
type explanation struct {
	plan.Plan
	App app.App
}

// lines are those with which the log of a build begins.
func (x explanation) lines() []string {
	lines := x.Texts(plan.Prepare, plan.Hint)
	for _, r := range x.Plan.Runtimes() {
		lines = append(lines, r.String())
	}
	return lines
}

func problems(err error) (all []Problem, more int) {
	shown, more := fail.Few(err)
	for _, err := range shown {
		var user *fail.Error
		if errors.As(err, &user) {
			all = append(all, Problem{user.ID, user.What, user.Why, user.Fix.String()})
		} else {
			all = append(all, Problem{What: show.Reason(err)})
		}
	}
	return all, more
}

func (x explanation) warnings() (all []string) {
	for _, r := range x.Plan.Runtimes() {
		if r.Warning != "" {
			all = append(all, r.Warning)
		}
	}
	if private := plan.Private(x.App, x.Config); private != "" {
		all = append(all, private)
	}
	return append(all, x.Texts(plan.Prepare, plan.Warning)...)
}

func (x explanation) advice() (all []string) {
	if hook := x.App.Hooks.PreCompile; hook != nil {
		all = append(all,
			hook.Path+
				" runs before the files are read and may change any of them: all that stands here is about the "+
				"files as they are")
		all = append(all, plan.Advice(hook, inPack.App)...)
	}
	if hook := x.App.Hooks.PostCompile; hook != nil {
		all = append(all, plan.Advice(hook, inPack.App)...)
	}
	return append(all, plan.Removed(x.App)...)
}

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

// image is what the image has besides the app, what it has not, and the variables of its processes.
func (x explanation) image() (image Image) {
	image.Has = []string{"Python " + x.Python.Version, "the Python packages", "the app, with what its steps have made"}
	switch node := x.Plan.Node; {
	case node == nil:
	case !node.Launch.Node && !node.Launch.Modules:
		image.HasNot = []string{"Node.js", "node_modules"}
	default:
		for _, part := range []struct {
			has  bool
			name string
		}{
			{node.Launch.Node,
				strings.Join(append([]string{"Node.js " + x.Node.Version}, node.Launch.Managers...), ", ")},
			{node.Launch.Modules, "node_modules, without devDependencies"},
		} {
			if part.has {
				image.Has = append(image.Has, part.name)
			} else {
				image.HasNot = append(image.HasNot, strings.Split(part.name, " ")[0])
			}
		}
	}
	image.HasNot = append(image.HasNot, app.Names(x.App.Uploaded)...)
	return image
}
