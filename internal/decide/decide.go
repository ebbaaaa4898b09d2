// Package decide is all that a build decides before it does anything: facts, settings, plan and versions, in the words of the log.
// It reads files and runs nothing. A build does what stands here, and explain says it.
package decide

import (
	"io/fs"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Given is what the decisions are made from.
type Given struct {
	Source   fs.FS // the app
	Config   config.Config
	Env      map[string]string // of the app's own steps
	Install  map[string]string // of the installation of Node packages
	Last     plan.Lines        // of the last build
	Archives versions.Inventory
	Arch     string
	Today    string // "2026-11-29", for the end of support of a version
	Others   app.Others
}

// Decisions are the same for all who are given the same.
type Decisions struct {
	App          app.App
	Config       config.Config // with what other platforms' files say
	Plan         plan.Plan     // its notes are in Lines
	Python, Node *Runtime      // nil: it takes no part, or there is no such version
	Lines        []string      // what was decided and why, as the log begins
	Unverified   []string      // warnings about settings by which any TLS certificate is accepted
}

// Read decides. The errors, joined, are the user's: all that can be known before anything is done. With one, the decisions are
// those that could be made all the same.
func Read(g Given) (d Decisions, err error) {
	d.App = app.Asked{Manage: g.Config.ManagePath, Projects: g.Config.NodeProjectPath, Requirements: g.Config.Requirements, Others: g.Others}.Read(g.Source)
	settled, said := plan.Settle(d.App, g.Config)
	d.Config = settled
	var errs [4]error
	d.Plan, errs[0] = plan.New(d.App, d.Config, g.Last)
	if d.Plan.Python != nil {
		d.Python, errs[1] = g.runtime(d.Plan.Python.Ask, g.Others.Python)
	}
	if d.Plan.Node != nil {
		d.Node, errs[2] = g.runtime(d.Plan.Node.Ask, g.Others.Node)
	}
	isSet := func(name string) bool { _, set := g.Env[name]; return set }
	errs[3] = plan.VariablesUnset(d.Plan.Node, func(name string) bool { _, set := g.Install[name]; return set })
	d.Lines = append([]string{d.Plan.Reason}, said...)
	d.Lines = append(d.Lines, plan.Missing(d.App, d.Config, isSet)...)
	if line := plan.SettingsDiffer(d.App, d.Config, isSet); line != "" {
		d.Lines = append(d.Lines, line)
	}
	d.Lines = append(d.Lines, d.Plan.Notes...)
	d.Lines = append(d.Lines, otherVersions(d.Plan, g.Others)...)
	d.Plan.Notes = nil
	d.Unverified = plan.Unverified(d.Plan, g.Env)
	return d, fail.Join(errs[:]...)
}
