package node

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// blockedFact is the fact of a layer that lists the packages whose install scripts the package manager has not run.
const blockedFact = "blocked"

// maxLine bounds the part of a line that is compared, and maxBlocked the names that are noted.
const (
	maxLine    = 4 << 10
	maxBlocked = 100
)

// writes is a function as an io.Writer.
type writes func(p []byte) (int, error)

// Write implements io.Writer.
func (w writes) Write(p []byte) (int, error) { return w(p) }

// watchScripts returns a writer that passes on what a package manager prints, and calls note once for each package
// whose install script was not run. The writer is for one command at a time.
func watchScripts(out io.Writer, note func(name string)) io.Writer {
	var line []byte
	seen := map[string]bool{}
	return writes(func(p []byte) (int, error) {
		for rest := p; len(rest) > 0; {
			part, after, ended := bytes.Cut(rest, []byte("\n"))
			line = append(line, part[:min(len(part), max(0, maxLine-len(line)))]...)
			if rest = after; !ended {
				break
			}
			name, ok := manager.BlockedScript(strings.TrimRight(string(line), "\r"))
			if ok && !seen[name] && len(seen) < maxBlocked {
				seen[name] = true
				note(name)
			}
			line = line[:0]
		}
		return out.Write(p)
	})
}

// factsOf returns the facts of the layer with the packages. They are nil for an installation that has run everything.
func factsOf(blocked []string) layer.Facts {
	if len(blocked) == 0 {
		return nil
	}
	return layer.Facts{blockedFact: strings.Join(blocked, " ")}
}

// warnBlocked warns of install scripts that were not run, also when the packages of an earlier build are used. It
// returns the names of their packages.
func (j job) warnBlocked(ctx context.Context, packages layer.Contents) (names []string, err error) {
	known, err := packages.Filled(ctx)
	names = strings.Fields(known.Facts[blockedFact])
	if err != nil || len(names) == 0 {
		return nil, err
	}
	approve := "npm install-scripts approve " + strings.Join(names, " ")
	text := j.project.Title() + ": npm has not run the install scripts of " + show.List(names) + ". If they are " +
		"needed, allow them and commit package.json:\n    " + j.project.Package.Command(approve)
	steps.LogNotes(j.in.Log, []note.Note{{ID: "node/install-scripts-blocked", Severity: note.Warning, Text: text}})
	return names, nil
}
