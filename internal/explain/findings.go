package explain

import (
	"errors"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// errorFindings returns the errors that are shown, and the number of the others.
func errorFindings(err error, pages fail.Reporter) (all []Finding, more int) {
	shown, more := fail.Few(err)
	for _, err := range shown {
		f := Finding{Severity: SeverityError, Message: show.Reason(err)}
		var user *fail.Error
		if errors.As(err, &user) {
			f.ID, f.Message, f.Evidence, f.URL = user.ID, user.What, user.Why, pages.URL(user.ID)
			f.Fix, f.fix = actions(user.Fix), fail.Render(user.Fix, pages.Platform)
			f.Retry, f.File, f.Line = user.Temporary, user.File, user.Line
		}
		all = append(all, f)
	}
	return all, more
}

// actions returns a fix for programs.
func actions(fix fail.Fix) (all []Action) {
	for _, action := range fix {
		switch a := action.(type) {
		case fail.Say:
			all = append(all, Action{Say: a.Text})
		case fail.Run:
			all = append(all, Action{Run: a.Command, In: a.In})
		case fail.Set:
			all = append(all, Action{Set: a.Name, To: a.Value})
		case fail.Edit:
			all = append(all, Action{Edit: a.Lines})
		case fail.Bind:
			all = append(all, Action{Bind: a.Type})
		case fail.Build:
			all = append(all, Action{Pack: a.Options()})
		}
	}
	return all
}

// warnings returns what a build would warn of, as far as it is known before.
func (x explanation) warnings() []Finding {
	notes := slices.Clone(x.misspelled)
	for _, r := range x.Plan.Runtimes() {
		notes = append(notes, r.Notes...)
	}
	for _, stage := range []plan.Stage{plan.Prepare, plan.App, plan.Finish} {
		notes = append(notes, x.Noted(stage, note.Warning)...)
	}
	return noteFindings(slices.Concat(notes, plan.Private(x.App, x.Config, x.project),
		compiled(x.listed, x.Plan.Debian.Build), x.NotServed(x.settings)))
}

// hooks returns findings about hooks, which run as they are.
func (x explanation) hooks() (notes []note.Note) {
	if hook := x.App.Hooks.PreCompile; hook != nil {
		notes = append(notes, note.Note{ID: "hook/pre-compile", Text: hook.Path + " runs before the files are read, " +
			"and may change any of them. This explanation is about the files as they are now"})
		notes = append(notes, plan.Advice(hook, inPack.App)...)
	}
	if hook := x.App.Hooks.PostCompile; hook != nil {
		notes = append(notes, plan.Advice(hook, inPack.App)...)
	}
	return notes
}

// hints returns findings that need no action.
func (x explanation) hints() []Finding {
	doubts := slices.DeleteFunc(x.Noted(plan.Finish, note.Hint), func(n note.Note) bool { return !n.MayStop() })
	return slices.Concat(noteFindings(doubts), noteFindings(x.variablesHint()), x.defaultVersion(),
		noteFindings(slices.Concat(counterparts(x.env), plan.Removed(x.App))))
}

// defaultVersion returns a hint if nothing requests a version of Python: the default may change with a minor version of
// Tandem.
func (x explanation) defaultVersion() []Finding {
	if x.Python == nil || x.Python.Version == "" || !x.Python.IsDefault() {
		return nil
	}
	hint := noteFindings([]note.Note{{ID: "version/default", Text: "no file sets a Python version"}})
	fix := x.Python.Offer.Write(x.Python.Series)
	hint[0].Fix, hint[0].fix = actions(fix), fail.Render(fix, x.project.Platform())
	return hint
}

// counterparts returns hints about variables of Paketo's buildpacks that Tandem does not read, and does the same by
// another name.
func counterparts(env map[string]string) (notes []note.Note) {
	for _, text := range config.Counterparts(env) {
		notes = append(notes, note.Note{ID: "config/paketo-name", Text: text})
	}
	return notes
}

// bySeverity sorts findings: errors come first.
func bySeverity(all []Finding) []Finding {
	order := []Severity{SeverityError, SeverityWarning, SeverityHint}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return slices.Index(order, a.Severity) - slices.Index(order, b.Severity)
	})
	return all
}

// noteFindings returns a finding for each note.
func noteFindings(notes []note.Note) (all []Finding) {
	severities := map[note.Severity]Severity{note.Hint: SeverityHint, note.Warning: SeverityWarning}
	for _, n := range notes {
		severity := severities[n.Severity]
		if n.Effect == note.FailsBuild || n.Effect == note.StopsContainer {
			severity = SeverityError
		}
		all = append(all, Finding{ID: n.ID, Severity: severity, Message: n.Text, File: n.File,
			Line: n.Line})
	}
	return all
}

// withPages returns findings in which errors that are notes have evidence and a page, as other errors do. Their
// evidence is the rest after the first line, or the line of the Procfile.
func (x explanation) withPages(all []Finding, notesPage string) []Finding {
	for i, f := range all {
		if f.Severity != SeverityError || f.URL != "" {
			continue
		}
		f.URL = notesPage
		f.Message, f.Evidence, _ = strings.Cut(f.Message, "\n")
		for _, line := range x.App.Procfile {
			if f.Evidence == "" && f.File == "Procfile" && line.Line == f.Line {
				f.Evidence = "    " + line.Type + ": " + line.Command
			}
		}
		all[i] = f
	}
	return all
}

// count returns how many findings have a severity. Findings that are not listed are errors.
func (e Explanation) count(severity Severity) int {
	n := 0
	for _, f := range e.Findings {
		if f.Severity == severity {
			n++
		}
	}
	if severity == SeverityError {
		n += e.More
	}
	return n
}

// Code returns the exit code. With strict, a warning is as bad as an error.
func (e Explanation) Code(strict bool) int {
	warned := slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Severity == SeverityWarning })
	if e.ExitCode == ExitOK && strict && warned {
		return ExitFails
	}
	return e.ExitCode
}
