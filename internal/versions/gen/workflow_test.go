package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/syntax"
)

// An example is built with each release that a report calls new, and with the latest uv.
func TestEachNewReleaseIsBuilt(t *testing.T) {
	dir := t.TempDir()
	log, report := filepath.Join(dir, "log"), filepath.Join(dir, "report.md")
	for name, text := range map[string]string{
		report:                     readRecorded(t).want["report.md"],
		filepath.Join(dir, "pack"): "#!/bin/sh\necho $* >>" + log,
	} {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("../../../scripts/build-releases.sh", report)
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		_, args, _ := strings.Cut(strings.TrimSpace(line), "--path examples/")
		got = append(got, strings.ReplaceAll(args, " --env ", " "))
	}
	want := []string{
		"plain BP_PYTHON_VERSION=", "plain BP_PYTHON_VERSION=3.10.2", "plain BP_PYTHON_VERSION=3.14.4",
		"plain BP_PYTHON_VERSION=3.14.7", "plain BP_PYTHON_VERSION=3.14.8", "webpack BP_NODE_VERSION=24.21.0",
		"webpack BP_NODE_VERSION=26.7.0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(dir, "pack"), []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	failing := exec.Command("../../../scripts/build-releases.sh", report)
	failing.Env = cmd.Env
	if err := failing.Run(); err == nil {
		t.Error("a build that fails is no error")
	}
}

// The weekly workflow is valid, its actions are pinned by commit, and no step but the last one gets a token.
func TestTheWorkflow(t *testing.T) {
	text, err := os.ReadFile("../../../.github/workflows/inventory.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses, Run string
				Env       map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	steps := workflow.Jobs["update"].Steps
	var commands string
	for i, step := range steps {
		if step.Uses != "" && !regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40}$`).MatchString(step.Uses) {
			t.Errorf("%s is not pinned by commit", step.Uses)
		}
		_, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(step.Run), "")
		if err != nil {
			t.Errorf("%s: %v", step.Run, err)
		}
		if step.Env["GH_TOKEN"] != "" && i < len(steps)-1 {
			t.Errorf("a step gets a token: %s", step.Run)
		}
		commands += step.Run
	}
	at := -1
	for _, command := range []string{
		"go generate ./internal/versions", "go test ./cmd/...", "scripts/build-releases.sh", "git push", "gh pr create",
	} {
		next := strings.Index(commands, command)
		if next <= at {
			t.Errorf("%s comes too early, or not at all", command)
		}
		at = next
	}
	if strings.Contains(commands, "merge") {
		t.Error("only a person merges")
	}
}
