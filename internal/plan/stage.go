package plan

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
)

// Stage is a part of a build.
type Stage int

// The stages of a build, in order.
const (
	Prepare Stage = iota // before anything is installed
	Install              // the runtimes and the packages
	App                  // app steps: hooks, build scripts, management commands
	Finish               // what the image needs
)

// StagedNote is a note of a plan.
type StagedNote struct {
	note.Note
	Stage Stage               // when it is shown
	If    installed.Condition // empty if the note always applies
}

// inStage returns notes that are shown in a stage, without a condition.
func inStage(stage Stage, said []note.Note) (all []StagedNote) {
	for _, n := range said {
		all = append(all, StagedNote{Note: n, Stage: stage})
	}
	return all
}

// Noted returns the notes of one stage and severity.
func (p Plan) Noted(stage Stage, severity note.Severity) (all []note.Note) {
	for _, n := range p.Notes {
		if n.Stage == stage && n.Severity == severity {
			all = append(all, n.Note)
		}
	}
	return all
}
