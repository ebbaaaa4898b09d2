package plan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
)

// A command of ours runs nothing of a name, whoever chose the name and whichever shell it is pasted into.
func TestCommandsCanBePasted(t *testing.T) {
	bin := t.TempDir() // so that nothing but touch can run
	touch, err := exec.LookPath("touch")
	if err == nil {
		err = os.Symlink(touch, filepath.Join(bin, "touch"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"$(touch pwned)", "`touch pwned`", "x; touch pwned", "x && touch pwned #", "x\ntouch pwned", "'$(touch pwned)'",
		`"$(touch pwned)"`, `\$(touch pwned)`, "x|touch pwned", "<(touch pwned)",
	} {
		for what, commands := range pasted(name) {
			if len(commands) == 0 {
				t.Errorf("%q: %s has no command", name, what)
			}
			for _, command := range commands {
				for _, shell := range []string{"sh", "bash"} {
					dir := t.TempDir()
					cmd := exec.Command(shell, "-c", command)
					cmd.Dir, cmd.Env = dir, []string{"PATH=" + bin}
					_ = cmd.Run() // that it fails is right: there is no such directory, and no npm
					if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
						t.Errorf("%q: %s: %s left %v (%v)", name, what, command, left, err)
					}
				}
			}
		}
	}
}

// pasted are the commands in what is said of apps that have a name in all places where an app has names.
func pasted(name string) map[string][]string {
	const front, broken = `{"scripts": {"build": "x"}, "devDependencies": {"vite": "1"}}`, "{"
	files := func(pairs ...string) fstest.MapFS {
		fsys := fstest.MapFS{"manage.py": {}}
		for i := 0; i < len(pairs); i += 2 {
			fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
		return fsys
	}
	script := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name)
	out := map[string][]string{}
	for what, c := range map[string]struct {
		fsys fstest.MapFS
		env  map[string]string
	}{
		"a directory": {files("requirements.txt", "", name+"/package.json", front), nil},
		"a broken package.json": {
			files("requirements.txt", "", name+"/package.json", broken),
			map[string]string{config.NodeProjectPath: name},
		},
		"a broken lock": {
			files("requirements.txt", "", name+"/package.json", front, name+"/package-lock.json", broken), nil,
		},
		"two locks": {
			files("requirements.txt", "", name+"/package.json", front, name+"/package-lock.json", "{}",
				name+"/yarn.lock", ""),
			nil,
		},
		"two directories": {
			files("requirements.txt", "", name+"/package.json", front, name+"2/package.json", front), nil,
		},
		"a script": {
			files("requirements.txt", "", "package.json", `{"scripts": {"`+script+`": "x"}}`),
			map[string]string{config.RunScripts: "none"},
		},
		"requirements": {files("requirements-"+name+".txt", "", "requirements-b.txt", ""), nil},
		"two manage.py": {
			files("requirements.txt", "", "a"+name+"/manage.py", "django", "b"+name+"/manage.py", "django"), nil,
		},
		"packages in a subdir": {
			files(name+"/pyproject.toml", "[project]\nname = 'x'\n", name+"/manage.py", "django"), nil,
		},
		"a yarn that is missing": {
			files("requirements.txt", "", "package.json", front, "yarn.lock", "__metadata:\n  version: 8\n",
				".yarnrc.yml", "yarnPath: \""+script+"\"\n"), nil,
		},
	} {
		if what == "two manage.py" || what == "packages in a subdir" {
			delete(c.fsys, "manage.py")
		}
		lookup := func(name string) (string, bool) {
			value, set := c.env[name]
			if !set && name == config.PythonInstaller {
				return "uv", false
			}
			if !set && name == config.SecretKeyPlaceholder {
				return "true", false
			}
			return value, set
		}
		settings, configErr := config.Read(lookup)
		a := app.Read(c.fsys, app.Requested{Projects: settings.NodeProjects.Dirs})
		p, err := decide(Question{App: a, Config: settings})
		for _, text := range append(note.Texts(p.all()), fail.Join(configErr, err, readable(err)).Error()) {
			for line := range strings.Lines(text) {
				if _, command, ok := strings.Cut(line, "Commit one: "); ok {
					out[what] = append(out[what], command)
				}
				if command, ok := strings.CutPrefix(line, "    "); ok {
					out[what] = append(out[what], command)
				}
			}
		}
	}
	return out
}

// readable is an error where there may be none.
func readable(err error) error {
	if err == nil {
		return &fail.Error{ID: "none"}
	}
	return nil
}
