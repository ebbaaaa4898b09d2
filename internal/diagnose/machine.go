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

// probeURL finds packages whose own {urls} are in the output, and their names, {packages}. The URLs are
// without credentials.
func probeURL(f *failure) (string, Vars) {
	if f.Project == nil {
		return "", nil
	}
	names := manager.Asks(f.Project.Remote, f.Tail)
	if len(names) == 0 {
		return "", nil
	}
	slices.Sort(names)
	var urls []string
	for _, name := range names {
		urls = append(urls, secret.Public(f.Project.Remote[name]))
	}
	return "asked", Vars{"packages": lines(names), "urls": lines(urls)}
}

// probeMigration finds the {line} of a hook's {file} that changes a database, its {text}, and whether the image has a
// {process} that does the same.
func probeMigration(f *failure) (string, Vars) {
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
func probeMemory(f *failure) (string, Vars) {
	switch {
	case f.killed():
		return "killed", nil
	case strings.Contains(f.Tail, "JavaScript heap out of memory"):
		return "heap", nil
	}
	return "", nil
}

// probeDisk finds the {line} that reports that the disk is full, of a command or of an operation of Tandem, and the
// space that is {free} on each disk. All tools pass on the words of strerror(3) for ENOSPC and EDQUOT. The name ENOSPC
// alone is not enough: Node.js also has it for too many watched files.
func probeDisk(f *failure) (string, Vars) {
	line := ""
	switch {
	case f.ran():
		for _, printed := range slices.Backward(strings.Split(f.Tail, "\n")) {
			lower := strings.ToLower(printed)
			if strings.Contains(lower, "no space left on device") || strings.Contains(lower, "disk quota exceeded") {
				line = strings.TrimSpace(printed)
				break
			}
		}
	case errors.Is(f.Err, syscall.ENOSPC), errors.Is(f.Err, syscall.EDQUOT):
		line = f.Err.Error()
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
func probeOutput(f *failure) (string, Vars) {
	if !f.Excess {
		return "", nil
	}
	return "excess", Vars{"reason": show.Reason(f.Err)}
}

// probeCrash finds the {signal} that ended a program which did something that no program may do, directly or below a
// shell. emulated: the machine's CPU is another one, {cpu}.
func probeCrash(f *failure) (string, Vars) {
	for _, signal := range []syscall.Signal{syscall.SIGSEGV, syscall.SIGILL, syscall.SIGBUS} {
		if f.Signal != signal && f.Code != 128+int(signal) {
			continue
		}
		vars := Vars{"signal": signal.String()}
		if f.CPU == "" {
			return "crashed", vars
		}
		vars["cpu"] = f.CPU
		return "emulated", vars
	}
	return "", nil
}

// probeLoader finds a runtime or a tool, {program}, that the build image cannot load, because of {line} or {code}.
// Scripts and management commands pass on the exit codes of other programs, so only their output is used.
// https://man7.org/linux/man-pages/man8/ld.so.8.html
func probeLoader(f *failure) (string, Vars) {
	for _, pattern := range f.known.Loader {
		if m := pattern.FindStringSubmatch(f.Tail); m != nil {
			return "library", Vars{"line": strings.TrimSpace(m[0]), "program": m[1]}
		}
	}
	passesOn := slices.Contains([]string{"hook", "script", "command", "collectstatic"}, f.Kind)
	if (f.Code == 126 || f.Code == 127) && !passesOn && f.known.Runtime.MatchString(f.Program) {
		return "code", Vars{"program": f.Program}
	}
	return "", nil
}

// probeStart finds why a command could not be started: of a script, its interpreter is missing, or it may not be run.
func probeStart(f *failure) (string, Vars) {
	switch {
	case f.ran() || f.Excess:
		return "", nil
	case errors.Is(f.Err, fs.ErrPermission):
		return "permission", nil
	case errors.Is(f.Err, fs.ErrNotExist), errors.Is(f.Err, syscall.ENOEXEC):
		return "missing", nil
	}
	return "", nil
}
