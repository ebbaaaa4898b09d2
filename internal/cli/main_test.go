package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/explain"
)

// TestMain lets the test's program be the command.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "tandem" {
		os.Exit(Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// leavesTrace is a program that says that it was run.
const leavesTrace = "#!/bin/sh\necho \"$0\" >>\"$TRACE\"\n"

// The app's own code would leave a trace, and so would every program there is: none does. Without a network it says the
// same.
func TestNothingIsRunAndNobodyIsAsked(t *testing.T) {
	dir := t.TempDir()
	app, bin, trace := filepath.Join(dir, "app"), filepath.Join(dir, "bin"), filepath.Join(dir, "trace")
	files := map[string]string{
		"app/manage.py": "#!/usr/bin/env python3\nimport django\n" +
			"open(__import__('os').environ['TRACE'], 'a').write('manage.py')\n", "app/requirements.txt": "django\n",
		"app/mysite/settings.py": "open(__import__('os').environ['TRACE'], 'a').write('settings')\n",
		"app/setup.py":           "open('setup-was-here', 'w')\n",
		"app/package.json": `{"scripts": {"heroku-prebuild": "echo x >$TRACE", "preinstall": "echo x >$TRACE", ` +
			`"build": "echo x >$TRACE"}, "dependencies": {"x": "1"}, "packageManager": "pnpm@10.1.0"}`,
		"app/bin/pre_compile": leavesTrace, "app/bin/post_compile": leavesTrace,
		"app/.git/HEAD": "ref: refs/heads/main\n",
	}
	for _, name := range []string{"python", "python3", "node", "npm", "npx", "pnpm", "yarn", "uv", "pip", "git", "sh",
		"bash", "docker", "pack"} {
		files["bin/"+name] = leavesTrace
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(text), 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	before := list(t, app)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "tandem")
	if err := os.Symlink(program, link); err != nil {
		t.Fatal(err)
	}
	explained := func(prefix ...string) string {
		argv := append(prefix, link, "explain", "--json", app)
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Env = []string{"PATH=" + bin, "TRACE=" + trace}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	said := explained()
	if !strings.Contains(said, "pnpm run build") || !strings.Contains(said, "bin/post_compile") {
		t.Errorf("it does not say what would run:\n%s", said)
	}
	if unshare, err := exec.LookPath("unshare"); err == nil &&
		exec.Command(unshare, "--net", "--map-root-user", "true").Run() == nil {
		if diff := cmp.Diff(said, explained(unshare, "--net", "--map-root-user")); diff != "" {
			t.Errorf("without a network it says something else (-with +without):\n%s", diff)
		}
	}
	if diff := cmp.Diff(before, list(t, app)); diff != "" {
		t.Errorf("the app's folder has changed (-before +after):\n%s", diff)
	}
	if text, err := os.ReadFile(trace); err == nil {
		t.Errorf("these were run:\n%s", text)
	}
}

// list is each file with its size.
func list(t *testing.T, dir string) (all map[string]int64) {
	t.Helper()
	all = map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		all[path] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheCommandAndItsExitCodes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"requirements.txt": "", "Procfile": "web: python main.py\n",
		"project.toml": "[_]\nschema-version = \"0.2\"\n[[io.buildpacks.build.env]]\nname = \"BP_PYTHON_VERSION\"\n" +
			"value = \"3.11\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args, environ []string
		code          int
		want          string
	}{
		{args: []string{"explain", dir}, want: "Python    3.11."},
		{args: []string{"explain", dir}, environ: []string{"BP_PYTHON_VERSION=3.12"}, want: "Python    3.12."},
		{args: []string{"explain", "--env", "BP_PYTHON_VERSION=3.14", dir}, environ: []string{"BP_PYTHON_VERSION=3.12"},
			want: "Python    3.14."},
		{args: []string{"explain", "--env", "BP_PYTHON_INSTALLER", dir},
			environ: []string{"BP_PYTHON_INSTALLER=pip"}, want: "with pip"},
		{args: []string{"explain", dir}, environ: []string{"PIP_NO_BINARY=six"}, want: "requirements.txt, with uv"},
		{args: []string{"explain", "--verbose", "--env", "PIP_NO_BINARY", dir},
			environ: []string{"PIP_NO_BINARY=six"}, want: "--no-binary six"},
		{args: []string{"explain", "--env", "BP_PYTHON_VERSION=2.7", dir}, code: 1, want: "[version/too-old]"},
		{args: []string{"explain", "--env", "BP_PYTHN_VERSION=3.13", dir}, want: "did you mean BP_PYTHON_VERSION?"},
		{args: []string{"explain", t.TempDir()}, code: 3, want: "does not apply"},
		{args: []string{"explain", dir, "--strict"}, environ: []string{"BP_PYTHON_VERSION=3.14"}},
		{args: []string{"explain", dir, "--format", "github", "--env", "BP_PYTHON_VERSION=2.7"}, code: 1,
			want: "::error title=version/too-old::"},
		{args: []string{"explain", "--format=markdown", dir}, want: "## Tandem: ready to build\n"},
		{args: []string{"explain", "--format=yaml", dir}, code: 2, want: "yaml is not text, json"},
		{args: []string{"explain", "--color=always", dir}, want: "\x1b[1mTandem "},
		{args: []string{"explain", "--color=sometimes", dir}, code: 2, want: "auto, always, never"},
		{args: []string{"explain", "--verbose", dir}, want: "python    uv venv"},
		{args: []string{"version"}, want: "Tandem 0."}, {args: []string{"--version"}, want: "Tandem 0."},
		{args: []string{"--help"}, want: "explain     Explain a build"},
		{args: []string{"help", "explain"}, want: "Exit codes:"},
		{args: []string{"help", "node/engine"}, want: "# node/engine\n"},
		{args: []string{"help", "django/static-names"}, want: "# django/static-names\n\nstatic files keep"},
		{args: []string{"help", "node/nothing"}, code: 2, want: "no error, warning or note has the id"},
		{args: []string{"completion", "bash"}, want: "bash completion"},
		{args: []string{"explain", filepath.Join(dir, "nowhere")}, code: 2, want: "is not a directory"},
		{code: 2, want: "a command is missing"},
		{args: []string{"explain", dir, dir}, code: 2, want: "Error: accepts at most 1 arg"},
		{args: []string{"migrate", dir}, code: 2, want: "unknown command"},
		{args: []string{"explain", "--yaml", dir}, code: 2, want: "-yaml"},
	} {
		var out bytes.Buffer
		if code := Main(c.args, c.environ, &out, &out); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%v with %v: exit code %d, want %d with %q:\n%s", c.args, c.environ, code, c.code, c.want, &out)
		}
	}
	var out bytes.Buffer
	var got explain.Explanation
	Main([]string{"explain", "--json", dir}, nil, &out, &out)
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Schema != explain.Schema ||
		got.Verdict != explain.Ready ||
		got.Runtimes[0].Asked[0] != (explain.Asked{Version: "3.11", Source: "BP_PYTHON_VERSION"}) {
		t.Errorf("%v: %s", err, &out)
	}
}
