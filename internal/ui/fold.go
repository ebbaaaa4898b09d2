package ui

import "slices"

// maxFolded is the number of the last folded lines that are logged if the command fails.
const maxFolded = 40

// fold omits lines of the log that only show progress.
type fold struct {
	progress func(line string) bool // nil: all lines are logged
	last     []string               // the last omitted lines
}

// Fold omits lines for which progress returns true, unless the log is verbose. Unfold logs the last ones if the command
// has failed.
func (w *Lines) Fold(progress func(line string) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.branch.log.all {
		w.fold.progress = progress
	}
}

// passed returns the lines that are logged.
func (f *fold) passed(lines []string) []string {
	if f.progress == nil {
		return lines
	}
	return slices.DeleteFunc(lines, func(line string) bool {
		if !f.progress(line) {
			return false
		}
		if f.last = append(f.last, line); len(f.last) > 2*maxFolded {
			f.last = slices.Clone(f.last[maxFolded:])
		}
		return true
	})
}

// Unfold logs the last omitted lines, since the command has failed.
func (w *Lines) Unfold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.fold.last[max(0, len(w.fold.last)-maxFolded):]
	w.fold = fold{}
	w.log(last)
}
