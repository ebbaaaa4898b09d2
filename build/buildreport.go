package build

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/report"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// finished is a plan whose build has succeeded, with the number of components in its bills of materials.
type finished struct {
	plan       plan.Plan
	components report.Components
}

// writeReport writes the report of the build as JSON to a file, with secrets masked.
func (h Host) writeReport(file string, f finished, total time.Duration, steps []ui.Step) error {
	mask := h.guard.secrets.said.Mask
	out := report.Build{
		Schema: report.Schema, Version: h.In.Buildpack.Info.Version, Total: total.Seconds(),
		Runtimes: []report.Runtime{}, Steps: []report.Step{}, Layers: []report.Layer{}, Processes: []report.Process{},
		App: h.appSizes().report(mask), Warnings: h.warnings(f.plan), Components: f.components,
	}
	for _, r := range f.plan.Runtimes() {
		out.Runtimes = append(out.Runtimes, report.Runtime{Name: r.ID.Name(), Version: r.Version, Why: mask(r.Why)})
	}
	for _, s := range steps {
		out.Steps = append(out.Steps, report.Step{
			ID: mask(s.ID), Branch: s.Branch, Name: mask(cmp.Or(s.Name, s.ID)),
			Start: s.Start.Seconds(), Took: s.Took.Seconds(),
		})
	}
	for _, l := range h.Layers.Reports() {
		l.Title, l.Status = mask(l.Title), mask(l.Status)
		out.Layers = append(out.Layers, l)
	}
	for _, p := range f.plan.Processes {
		out.Processes = append(out.Processes, report.Process{
			Type: p.Type, Command: mask(p.Command), Dir: mask(p.Dir), Default: p.Default,
		})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	if err := h.writeAt(file, append(data, '\n')); err != nil {
		return fmt.Errorf("write the report of the build: %w", err)
	}
	return nil
}

// warnings returns the warnings of the log, with the ids of those that are notes of the plan.
func (h Host) warnings(p plan.Plan) []report.Warning {
	ids, all := map[string]string{}, []report.Warning{}
	for _, n := range p.Notes {
		ids[h.guard.secrets.said.Mask(n.Text)] = n.ID
	}
	for _, text := range h.Log.Warned() {
		all = append(all, report.Warning{ID: ids[text], Text: text})
	}
	return all
}
