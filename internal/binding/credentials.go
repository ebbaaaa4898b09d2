package binding

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Language is a language whose package managers may need credentials.
type Language string

// Languages with package managers.
const (
	Node   Language = "node"
	Python Language = "python"
)

// Dir returns the directory below private for the credentials of an installation. Each language has its own, since both
// install at the same time.
func (l Language) Dir(private string) string { return filepath.Join(private, "credentials-"+string(l)) }

// credential describes a file in which tools look for their credentials.
type credential struct {
	binding   string // its type
	name      string // the entry; it may be written without the dot in front
	path      string // below HOME, where the tools look for it
	languages []Language
	// variables with the path of the file, and of its directory: those of the platform could lead elsewhere
	file, dir []string
}

// credentials is the one table of them. UV_CONFIG_FILE would take the place of the app's own settings, and
// YARN_RC_FILENAME changes only a name, so these two tools must find theirs in HOME.
// https://docs.npmjs.com/cli/v11/using-npm/config#userconfig,
// https://pip.pypa.io/en/stable/topics/configuration/#location,
// https://docs.astral.sh/uv/concepts/configuration-files/,
// https://python-poetry.org/docs/configuration/#poetry_config_dir
var credentials = []credential{
	{"npmrc", ".npmrc", ".npmrc", []Language{Node},
		[]string{"npm_config_userconfig", "NPM_CONFIG_USERCONFIG", "pnpm_config_npmrc_auth_file"}, nil},
	{"yarnrc", ".yarnrc", ".yarnrc", []Language{Node}, nil, nil},
	{"yarnrc", ".yarnrc.yml", ".yarnrc.yml", []Language{Node}, nil, nil},
	{"pip", "pip.conf", ".config/pip/pip.conf", []Language{Python}, []string{"PIP_CONFIG_FILE"}, nil},
	{"uv", "uv.toml", ".config/uv/uv.toml", []Language{Python}, nil, nil},
	{"uv", "credentials.toml", ".local/share/uv/credentials/credentials.toml", []Language{Python}, nil,
		[]string{"UV_CREDENTIALS_DIR"}},
	{"poetry", "auth.toml", ".config/pypoetry/auth.toml", []Language{Python}, nil, []string{"POETRY_CONFIG_DIR"}},
	{"poetry", "config.toml", ".config/pypoetry/config.toml", []Language{Python}, nil, []string{"POETRY_CONFIG_DIR"}},
	{"netrc", ".netrc", ".netrc", []Language{Node, Python}, []string{"NETRC"}, nil},
}

// Credentials are what bindings hold for the package managers, by language.
type Credentials map[Language]Access

// variable matches the names of entries that are variables, not files: a setting of a tool, or a variable that the
// app's .npmrc mentions.
var variable = regexp.MustCompile(`^(?:[A-Z][A-Z0-9_]*|npm_config_\S+)$`)

// ReadCredentials reads the credentials of all bindings whose type is in the table. The error is the user's if an entry
// is neither a file of the table nor named like a variable: no tool would find credentials under a misspelled name.
func ReadCredentials(bindings libcnb.Bindings) (Credentials, error) {
	all := Credentials{}
	for _, b := range bindings {
		kind := strings.ToLower(b.Type)
		if len(entries(kind)) == 0 {
			continue
		}
		if err := addHidden(&b, kind); err != nil {
			return nil, err
		}
		for _, key := range slices.Sorted(maps.Keys(b.Secret)) {
			if err := all.add(b, kind, key); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// addHidden reads entries whose names begin with a dot, as the tools name their files: libcnb leaves these out.
func addHidden(b *libcnb.Binding, kind string) error {
	b.Secret = maps.Clone(b.Secret)
	for _, name := range entries(kind) {
		if b.Path == "" || !strings.HasPrefix(name, ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(b.Path, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read a binding: %w", err)
		}
		b.Secret[name] = string(text)
	}
	return nil
}

// add adds the entry key of a binding for every language that uses bindings of this kind. The error is the user's:
// no tool reads the entry, or another binding has it with another text.
func (all Credentials) add(b libcnb.Binding, kind, key string) error {
	known := false
	for _, c := range credentials {
		e := entry{kind, key, b.Secret[key], false}
		if c.name == key || strings.TrimPrefix(c.name, ".") == key {
			e = entry{kind, c.path, strings.TrimSpace(e.text) + "\n", true} // libcnb removes the end of the last line
		}
		if c.binding != kind || !e.isFile && !variable.MatchString(key) {
			continue
		}
		known = true
		for _, language := range c.languages {
			if !all.put(language, e) {
				return &fail.Error{
					ID: "binding/twice", What: "Two bindings have the same entry " + show.Name(key),
					Why: fmt.Sprintf("The second is in the %s binding %s.", kind, show.Name(b.Name)),
					Fix: fail.Fix{fail.Say{Text: "Put both into one binding, with one file for both."}},
				}
			}
		}
	}
	if known {
		return nil
	}
	return &fail.Error{
		ID:   "binding/entry",
		What: fmt.Sprintf("An entry of the %s binding %s is not valid", kind, show.Name(b.Name)),
		Why: fmt.Sprintf("The entry is named %s. Known are %s, and names of variables.", show.Name(key),
			strings.Join(entries(kind), " and ")),
		Fix: fail.Fix{
			fail.Say{Text: "Rename the entry. With pack it is the name of the file in the binding's directory:"},
			fail.Run{Command: "mv " + show.Path(key) + " " + entries(kind)[0]},
		},
	}
}

// entry is an entry of a binding as the tools find it.
type entry struct {
	binding string // its type
	name    string // of the variable, or the path of the file below HOME
	text    string
	isFile  bool
}

// put adds e to what the tools of a language get. It returns false if another binding has e with another text.
func (all Credentials) put(language Language, e entry) bool {
	access, ok := all[language]
	if !ok {
		access = Access{files: map[string]string{}, Vars: map[string]string{}}
	}
	into := access.Vars
	if e.isFile {
		into = access.files
	}
	if old, taken := into[e.name]; taken && old != e.text {
		return false
	}
	into[e.name] = e.text
	if !slices.Contains(access.Types, e.binding) {
		access.Types = append(access.Types, e.binding)
	}
	all[language] = access
	return true
}

// entries returns the names of the files that a type of bindings may have: none if it is not for package managers.
func entries(kind string) (names []string) {
	for _, c := range credentials {
		if c.binding == kind {
			names = append(names, c.name)
		}
	}
	return names
}
