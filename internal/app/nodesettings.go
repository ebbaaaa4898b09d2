package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// readSettings reads what only one manager understands.
func (r *reader) readSettings(n *Node) {
	for _, m := range n.managers() {
		own := r.part() // the others need not be valid
		for _, name := range m.Data().Files {
			_, _ = own.text(n.Path(name)) // reports what is wrong with it
		}
		found := own.readSettingsOf(n, m)
		found.Unreadable = own.unreadable
		n.Settings[m.Data().ID] = found
	}
}

// settingsFile returns the path of the file that only this manager reads.
func settingsFile(n *Node, m manager.NodeManager) string {
	files := m.Data().Files
	return n.Path(files[len(files)-1])
}

// settingsProblem returns the error for settings of a manager that cannot be used.
func settingsProblem(n *Node, m manager.NodeManager, err error) error {
	data := m.Data()
	return &fail.Error{
		ID:   "node/settings-invalid",
		What: "The settings of " + data.Name + " in " + where(n.Dir) + " cannot be understood",
		Why:  show.Reason(err), Err: err, Fix: fail.Fix{
			fail.Say{Text: "Correct the file:"},
			fail.Run{Command: show.Name(settingsFile(n, m))},
		},
	}
}

// readSettingsOf reads the settings of a manager. A path in them that is not below the app's directory is an error.
func (r *reader) readSettingsOf(n *Node, m manager.NodeManager) (found ManagerSettings) {
	read, err := m.ReadSettings(func(name string) (string, bool) { return r.text(n.Path(name)) })
	found.Settings = read
	// Paths are taken over one by one, since each must be in the app.
	found.Program, found.Inputs, found.Outputs = "", nil, nil
	invalid := []error{err}
	if read.Program != "" {
		p, err := In(n.Dir, read.Program)
		invalid = append(invalid, err)
		if err == nil {
			found.Program, found.Lacks = read.Program, !r.exists(string(p))
		}
	}
	for _, name := range read.Inputs {
		if _, err := In(n.Dir, name); err != nil {
			found.Notes = append(found.Notes,
				fmt.Sprintf("the build does not notice changes in a directory that its settings name: %s", err))
		} else {
			found.Inputs = append(found.Inputs, name)
		}
	}
	for _, name := range read.Outputs {
		p, err := In(n.Dir, name)
		invalid = append(invalid, err)
		switch {
		case err != nil:
		case r.mayBeFile(string(p)) || r.isDir(string(p)):
			found.Brought = append(found.Brought, name)
		default:
			found.Outputs = append(found.Outputs, name)
		}
	}
	if err := errors.Join(invalid...); err != nil {
		r.problem(settingsFile(n, m), settingsProblem(n, m, err))
	}
	return found
}

// where returns a directory of the app as sentences name it.
func where(dir string) string {
	if dir == "." {
		return "the root directory"
	}
	return show.Name(dir)
}

// hasCredential reports whether a line sets credentials.
// https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
func hasCredential(line string) bool {
	return containsAny(strings.ToLower(line),
		"_auth", "npmauth", "_password", "token", "username", "email", "keyfile", "certfile")
}

// variablesIn returns the names of the variables without a default in a line. ${NAME?} and ${NAME:-value} have one.
func variablesIn(line string) (names []string) {
	for _, rest, ok := strings.Cut(line, "${"); ok; _, rest, ok = strings.Cut(rest, "${") {
		if name, _, closed := strings.Cut(rest, "}"); closed && isIdentifier(name) {
			names = append(names, name)
		}
	}
	return names
}

// readSettingsFiles notes the lines of settings files that change what is installed, so none with credentials.
func (r *reader) readSettingsFiles(n *Node) {
	var files []string
	for _, m := range n.managers() {
		files = append(files, m.Data().Files...)
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		f := r.read(n.Path(name), limits.Size(name)) // readSettings reports what is wrong with it
		if !f.found {
			continue
		}
		found, number := SettingsFile{File: name}, 0
		for line := range strings.Lines(f.text) {
			number++
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' || line[0] == ';' {
				continue
			}
			for _, variable := range variablesIn(line) {
				found.Variables = append(found.Variables, Variable{variable, place(n.Path(name), number)})
			}
			if !hasCredential(line) {
				found.Lines = append(found.Lines, line)
			}
		}
		n.SettingsFiles = append(n.SettingsFiles, found)
	}
}
