package toolrun

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
)

// TestMain is the tool where the test's program is started by its name.
func TestMain(m *testing.M) {
	if Is(os.Args[0]) {
		os.Exit(Main(os.Args, os.Environ(), os.Stderr))
	}
	os.Exit(m.Run())
}

func TestToolsOfSteps(t *testing.T) {
	dir, programs := t.TempDir(), t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	scripts := app.Scripts{Pipenv: map[string]string{"start": "python 'a b'", "both": ""}}
	if err := Install(dir, self, Names(), scripts); err != nil {
		t.Fatal(err)
	}
	const program = "#!/bin/sh\nprintf '%s|' \"${0##*/}\" \"$@\"\n"
	for _, name := range []string{"python", "poetry"} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte(program), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "bin") + ":" + programs + ":" + os.Getenv("PATH")
	for command, want := range map[string]string{
		`uv run --no-sync python "a b" ''`: "python|a b||",
		"uv run manage.py migrate":         "python|manage.py|migrate|",
		"poetry run -- python -c 'x; y'":   "python|-c|x; y|",
		"pipenv run start c":               "python|a b|c|",
		"poetry install --no-root":         "poetry|install|--no-root|", // the app's own
		"poetry -C back run python":        "poetry|-C|back|run|python|",
		"uv pip install x": "uv: the packages are installed already; of uv only \"run\" works in " +
			"steps\n127",
		"uv run --with rich python": "uv: uv --with installs more packages\n127",
		"pipenv run both":           "pipenv: the script both is not a plain command\n127",
		"pdm run no-such-program":   "pdm: no-such-program: command not found\n127",
		dir + "/bin/uv run python":  "python|",
		"uv run uv run python":      "python|",
	} {
		cmd := exec.Command("/bin/sh", "-c", command+"; code=$?; [ $code = 0 ] || printf %s $code")
		cmd.Env = []string{"PATH=" + path}
		out, err := cmd.CombinedOutput()
		if string(out) != want || err != nil {
			t.Errorf("%s: %v, got %q, want %q", command, err, out, want)
		}
	}
}
