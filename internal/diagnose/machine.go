package diagnose

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/show"
)

// fold returns text with each white space as one blank.
func fold(text string) string { return strings.Join(strings.Fields(text), " ") }

// probeAddress finds packages whose own address is in the output, {packages} and {addresses}, without credentials.
func probeAddress(x Exit, f Facts) (string, Vars) {
	if f.Project == nil {
		return "", nil
	}
	names := manager.Asks(f.Project.Remote, x.Tail)
	if len(names) == 0 {
		return "", nil
	}
	slices.Sort(names)
	var addresses []string
	for _, name := range names {
		addresses = append(addresses, secret.Public(f.Project.Remote[name]))
	}
	return "asked", Vars{"packages": lines(names), "addresses": lines(addresses)}
}

// probeMigration finds the {line} of a hook's {file} that changes a database, its {text}, and whether the image has a
// {process} that does the same.
func probeMigration(_ Exit, f Facts) (string, Vars) {
	if f.Migration == nil {
		return "", nil
	}
	vars := Vars{"line": strconv.Itoa(f.Migration.Line), "file": f.Migration.File, "text": f.Migration.Text}
	if f.Migrates {
		vars["process"] = "migrate"
	}
	return "line", vars
}

// probeMemory finds that a command was killed, or that Node.js has ended itself at the limit of its heap.
// https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib
func probeMemory(x Exit, _ Facts) (string, Vars) {
	switch {
	case x.killed():
		return "killed", nil
	case strings.Contains(x.Tail, "JavaScript heap out of memory"):
		return "heap", nil
	}
	return "", nil
}

// probeDisk finds the {line} that says that there is no space, of a command or of an operation of ours, and what is
// {free} where. All tools pass on the words of strerror(3) for ENOSPC and EDQUOT. The name ENOSPC alone is no sign:
// Node also has it for too many watched files.
func probeDisk(x Exit, f Facts) (string, Vars) {
	line := ""
	switch {
	case x.ran():
		for _, printed := range slices.Backward(strings.Split(x.Tail, "\n")) {
			lower := strings.ToLower(printed)
			if strings.Contains(lower, "no space left on device") || strings.Contains(lower, "disk quota exceeded") {
				line = strings.TrimSpace(printed)
				break
			}
		}
	case errors.Is(x.Err, syscall.ENOSPC), errors.Is(x.Err, syscall.EDQUOT):
		line = x.Err.Error()
	}
	if line == "" {
		return "", nil
	}
	vars := Vars{"line": line}
	if f.Free != nil {
		vars["free"] = f.Free()
	}
	return "full", vars
}

// probeOutput finds that a command printed more than its result may have, and the {reason}.
func probeOutput(x Exit, _ Facts) (string, Vars) {
	if !x.Excess {
		return "", nil
	}
	return "excess", Vars{"reason": show.Reason(x.Err)}
}

// probeStart finds why a command could not be started: of a script, its interpreter is missing, or it may not be run.
func probeStart(x Exit, _ Facts) (string, Vars) {
	switch {
	case x.ran() || x.Excess:
		return "", nil
	case errors.Is(x.Err, fs.ErrPermission):
		return "permission", nil
	case errors.Is(x.Err, fs.ErrNotExist), errors.Is(x.Err, syscall.ENOEXEC):
		return "missing", nil
	}
	return "", nil
}
