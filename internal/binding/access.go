package binding

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// Access has the credentials for the package managers of one language. The zero value has none. It is read-only once
// ReadCredentials has returned.
type Access struct {
	files map[string]string // path below HOME to text
	Vars  map[string]string // entries that are named like variables
	Types []string          // of the bindings, for the log
}

// File returns the contents of an entry by its name in the table. It is false if no binding has the entry.
func (a Access) File(name string) (string, bool) {
	for _, c := range credentials {
		if text, ok := a.files[c.path]; ok && c.name == name {
			return text, true
		}
	}
	return "", false
}

// Has reports whether a binding of that type has credentials for the language.
func (a Access) Has(kind string) bool { return slices.Contains(a.Types, kind) }

// During calls do with the variables by which the package managers of a language find their credentials. The files are
// in dir only meanwhile, which must be neither the app's nor a layer's; what the tools have written next to them is
// removed too.
func (a Access) During(dir string, do func(vars map[string]string) error) (err error) {
	if len(a.Types) == 0 {
		return do(nil)
	}
	defer func() { err = errors.Join(err, tree.Remove(dir)) }()
	vars, err := a.write(dir)
	if err != nil {
		return err
	}
	return do(vars)
}

// Note returns the line of the log that names the bindings that the installation of a language gets; "": none.
func (a Access) Note() string {
	if len(a.Types) == 0 {
		return ""
	}
	return "The installation gets the bindings of type " + strings.Join(a.Types, ", ")
}

// write writes the files below home, readable for the owner alone, and returns the variables by which the tools find
// them. HOME and the XDG directories are among them if there is a file.
// https://specifications.freedesktop.org/basedir-spec/latest/
func (a Access) write(home string) (map[string]string, error) {
	vars := maps.Clone(a.Vars)
	if len(a.files) == 0 {
		return vars, nil
	}
	maps.Copy(vars, map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, ".config"),
		"XDG_DATA_HOME": filepath.Join(home, ".local/share"),
	})
	for _, c := range credentials {
		text, ok := a.files[c.path]
		if !ok {
			continue
		}
		file := filepath.Join(home, c.path)
		err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600))
		if err != nil {
			return nil, fmt.Errorf("write credentials: %w", err)
		}
		for _, name := range c.file {
			vars[name] = file
		}
		for _, name := range c.dir {
			vars[name] = filepath.Dir(file)
		}
	}
	return vars, nil
}

// Secrets returns the credentials in the files and variables, in the order of the languages and of the table.
func (all Credentials) Secrets() (found []secret.Value) {
	for _, language := range slices.Sorted(maps.Keys(all)) {
		access := all[language]
		found = append(found, secret.Credentials(access.Vars)...)
		for _, c := range credentials {
			if text, ok := access.files[c.path]; ok {
				found = append(found, secret.File(c.name, text)...)
			}
		}
	}
	return found
}

// OtherSecrets returns the secrets in all bindings that are not for package managers: the URL of a mirror, and values
// that app steps may read.
func OtherSecrets(bindings libcnb.Bindings) (found []secret.Value) {
	for _, b := range bindings {
		if kind := strings.ToLower(b.Type); kind != caType && len(entries(kind)) == 0 {
			found = append(found, secret.Variables(b.Secret)...)
		}
	}
	return found
}

// Warning returns a warning that all commands can read all bindings: one user runs them, and nothing confines them.
// "": there are no bindings with credentials.
func (all Credentials) Warning() string {
	types := map[string]bool{}
	for _, access := range all {
		for _, name := range access.Types {
			types[name] = true
		}
	}
	if len(types) == 0 {
		return ""
	}
	return "Every script of this build can read the bindings " + strings.Join(slices.Sorted(maps.Keys(types)), ", ") +
		": this version does not confine commands. See docs/concepts/security.md"
}
