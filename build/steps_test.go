package build

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/report"
)

// compareSteps compares the steps that have run with those of the plan, in every build of the suite.
func (b *bench) compareSteps(p plan.Plan, host Host, whole bool) {
	b.t.Helper()
	var ran []string
	for _, s := range host.Log.Steps() {
		if s.ID != "" {
			ran = append(ran, s.ID)
		}
	}
	if len(p.Steps) == 0 { // the app was refused, after bin/pre_compile
		ran = slices.DeleteFunc(ran, func(id string) bool { return id == "hook:bin/pre_compile" })
	}
	err := comparison{plan: p, ran: ran}.misplaced()
	if whole {
		err = errors.Join(err, comparison{p, ran, host.Layers.Reports()}.missing())
	}
	if err != nil {
		b.t.Errorf("the steps that have run are not those of the plan:\n%v\nrun have %q", err, ran)
	}
}

// compareBOM compares the types of a layer's package URLs with what the steps that fill it say.
func (b *bench) compareBOM(p plan.Plan, l libcnb.Layer) {
	b.t.Helper()
	types := map[string]bool{}
	for _, step := range p.Steps {
		if name := strings.TrimPrefix(l.Name, "cache-"); step.Layer == name || "app-"+step.Layer == name {
			types[step.BOM] = true
		}
	}
	bom, _ := l.Metadata["bom"].([]any)
	for _, url := range bom {
		kind, _, _ := strings.Cut(strings.TrimPrefix(fmt.Sprint(url), "pkg:"), "/")
		if !types[kind] {
			b.t.Errorf("the layer %s has %s, and the types of its steps are %v", l.Name, url, types)
		}
	}
}

// comparison is a plan with the IDs of the steps that have run, in the order in which they have ended.
type comparison struct {
	plan   plan.Plan
	ran    []string
	layers []report.Layer // of a build that has ended well
}

// misplaced returns an error for steps that are not in the plan, or not at their place in it.
func (c comparison) misplaced() (err error) {
	at := map[plan.Place]int{} // the last step that has run
	for i, id := range c.ran {
		n := slices.IndexFunc(c.plan.Steps, func(s plan.Step) bool { return s.ID == id })
		if n < 0 {
			err = errors.Join(err, fmt.Errorf("%s is not in the plan", id))
			continue
		}
		step := c.plan.Steps[n]
		if slices.Contains(c.ran[:i], id) {
			// The settings are imported until nothing is missing, and a layer that was changed is created again.
			if step.Layer == "" && step.Kind != plan.ImportSettings {
				err = errors.Join(err, fmt.Errorf("%s has run twice", id))
			}
			continue
		}
		if step.Lane == plan.AnyTime {
			continue
		}
		if n < at[step.Place] {
			err = errors.Join(err, fmt.Errorf("%s has run after %s", id, c.plan.Steps[at[step.Place]].ID))
		}
		at[step.Place] = n
	}
	return err
}

// missing returns an error for steps that had to run: all that fill no layer, and those of layers that were created or
// updated. Of a layer that was reused, only scripts of the app run.
func (c comparison) missing() (err error) {
	want := func(steps []plan.Step) {
		for _, step := range steps {
			if step.Kind == plan.DebianPackages || step.Kind == plan.DebianFiles || step.ID == "debian/names:debian" {
				continue // not if the sources cannot be read, which is no error for packages of Tandem's table
			}
			if !slices.Contains(c.ran, step.ID) && len(step.If) == 0 {
				err = errors.Join(err, fmt.Errorf("%s has not run", step.ID))
			}
		}
	}
	want(slices.DeleteFunc(slices.Clone(c.plan.Steps), func(s plan.Step) bool { return s.Layer != "" }))
	for _, l := range c.layers {
		filled := c.filled(l.Name)
		switch {
		case filled != plan.Cached:
			want(c.plan.Filling(l.Name, filled))
			if compiles := c.plan.Compiling(l.Name); compiles.ID != "" {
				want([]plan.Step{compiles})
			}
		case strings.HasPrefix(l.Status, "unchanged"):
			want(c.plan.Filling(l.Name, plan.Cached))
		case !slices.Contains([]string{plan.HeadersLayer, "hooks", "tailwind"}, l.Name): // filled on demand
			err = errors.Join(err, fmt.Errorf("no step has filled %s, which is %s", l.Name, l.Status))
		}
	}
	return err
}

// filled returns how a layer was filled in this build; Cached, if it was not.
func (c comparison) filled(name string) plan.From {
	for _, from := range []plan.From{plan.Update, plan.Fresh} {
		for _, step := range c.plan.Filling(name, from) {
			if slices.Contains(c.ran, step.ID) && (step.From == from || from == plan.Fresh) {
				return from
			}
		}
	}
	return plan.Cached
}

func testSteps(t *testing.T, when spec.G, it spec.S) {
	// What compareSteps finds in the builds of the other specs.
	it("a step beside the plan is found", func() {
		step := func(id, layer string, stage plan.Stage, lane plan.Lane) plan.Step {
			return plan.Step{
				ID: id, Place: plan.Place{Stage: stage, Lane: lane}, Fills: plan.Fills{Layer: layer},
			}
		}
		update := step("update", "venv", plan.Install, plan.PythonLane)
		update.From = plan.Update
		install := step("install", "venv", plan.Install, plan.PythonLane)
		install.From = plan.Fresh
		again := step("again", "venv", plan.Install, plan.PythonLane)
		again.From = plan.Cached
		p := plan.Plan{Steps: []plan.Step{
			step("fetch", "venv", plan.Install, plan.PythonLane), install, update, again,
			step("node", "node", plan.Install, plan.NodeLane),
			step("build", "", plan.App, ""), step("collect", "", plan.App, ""),
		}}
		venv, node := report.Layer{Name: "venv", Status: "new"}, report.Layer{Name: "node", Status: "new"}
		reused := report.Layer{Name: "venv", Status: "unchanged, cached"}
		for name, c := range map[string]struct {
			ran    string
			layers []report.Layer
			want   string
		}{
			"a first build":         {"fetch node install build collect", []report.Layer{venv, node}, ""},
			"an update":             {"fetch update node build collect", []report.Layer{venv, node}, ""},
			"a later build":         {"again build collect", []report.Layer{reused}, ""},
			"beside the plan":       {"again build other collect", []report.Layer{reused}, "other is not in the plan"},
			"another order":         {"again collect build", []report.Layer{reused}, "build has run after collect"},
			"twice":                 {"again build build collect", []report.Layer{reused}, "build has run twice"},
			"forgotten":             {"again build", []report.Layer{reused}, "collect has not run"},
			"half a layer":          {"install build collect", []report.Layer{venv}, "fetch has not run"},
			"an unfilled layer":     {"build collect", []report.Layer{venv}, "no step has filled venv"},
			"a script of the cache": {"build collect", []report.Layer{reused}, "again has not run"},
		} {
			all := comparison{p, strings.Fields(c.ran), c.layers}
			err := errors.Join(all.misplaced(), all.missing())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s: got %v, want %q", name, err, c.want)
			}
		}
	})
}
