package diagnose

import (
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// Overlooked describes what a command that has succeeded has printed about a missing program or file. The zero value is
// nothing.
type Overlooked struct {
	Line    string // as it was printed
	Program string // empty if a file is missing
	Package string // of Node.js, that has the program and is not installed; empty if none is known
}

// FindOverlooked returns the first of the lines that says that a program or a file is missing. Some commands end with
// the code 0 whatever happens.
func FindOverlooked(lines []string, f Facts) Overlooked {
	known := load().known
	for _, line := range lines {
		program := hookProgram(line)
		if m := known.NoCommand.FindStringSubmatch(line); m != nil {
			program = m[1] + m[2]
		}
		if program != "" {
			found := Overlooked{Line: line, Program: program}
			if vars := f.owner(found.Program); vars["provider"] != "" && len(f.Packages) > 0 {
				found.Package = manager.Providers(found.Program)[0]
			}
			return found
		}
		if strings.Contains(line, "ENOENT: no such file") {
			return Overlooked{Line: line}
		}
	}
	return Overlooked{}
}

// hookProgram returns the program that bash has not found in a script: "bin/post_compile: line 3: sass: command not
// found". It is empty for another line.
func hookProgram(line string) string {
	before, isThat := strings.CutSuffix(line, ": command not found")
	if !isThat || !strings.Contains(before, ": line ") {
		return ""
	}
	return before[strings.LastIndex(before, " ")+1:]
}
