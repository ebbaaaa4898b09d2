package release

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// cannotRun lists the steps of the workflow that make release-dry leaves out, and why. A new one needs a reason here.
var cannotRun = map[string]string{
	"release-upload":                  "the release needs a token of the repository",
	"actions/checkout":                "the dry run begins in a clone",
	"docker/login-action":             "it needs the password of the public registry",
	"actions/attest-build-provenance": "the attestation is made with the identity of a workflow run of GitHub",
}

// pinned matches an action that is pinned by commit.
var pinned = regexp.MustCompile(`^([a-z-]+/[a-z-]+)@[0-9a-f]{40}$`)

// Each step of the workflow is a target that the dry run runs too, in the same order, or is in the list with a reason.
func TestTheWorkflowRunsWhatTheDryRunRuns(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/release.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Run, Uses string } }
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	var ran []string
	left := map[string]bool{}
	for _, step := range workflow.Jobs["release"].Steps {
		name, isTarget := strings.CutPrefix(step.Run, "make ")
		if action := pinned.FindStringSubmatch(step.Uses); action != nil {
			name = action[1]
		} else if !isTarget || strings.ContainsAny(name, " \n") {
			t.Errorf("the step %q%q is neither one target of make nor an action that is pinned by commit", step.Run,
				step.Uses)
		}
		command, _ := strings.CutPrefix(name, "release-")
		switch {
		case slices.Contains(Commands, command):
			ran = append(ran, command)
		case cannotRun[name] == "":
			t.Errorf("the step %s is not part of the dry run, and has no reason", name)
		}
		left[name] = true
	}
	if diff := cmp.Diff(Commands, ran); diff != "" {
		t.Errorf("the steps differ (-dry run +workflow):\n%s", diff)
	}
	for name := range cannotRun {
		if !left[name] {
			t.Errorf("%s has a reason, and is no step", name)
		}
	}
}

// The published image is tried with the builder of README, and what the job runs is the command of the release.
func TestThePublishedImageIsTried(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/published.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix struct{ Builder []string } }
			Steps    []struct {
				Run string
				Env map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	job := workflow.Jobs["quick-start"]
	last := job.Steps[len(job.Steps)-1]
	if !slices.Contains(job.Strategy.Matrix.Builder, fail.Builder) || last.Run != "make release-start" ||
		last.Env["TANDEM_BUILDER"] != "${{ matrix.builder }}" ||
		last.Env["IMAGE"] != "docker.io/tandemcnb/python-node" {
		t.Errorf("got %+v", job)
	}
}

// The Makefile has a target for each command.
func TestTheMakefileHasTheTargets(t *testing.T) {
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range append([]string{"dry"}, Commands...) {
		if !regexp.MustCompile(`(?m)^release-` + command + `: .*\n\t@\$\(dev\) release ` + command + ` `).Match(text) {
			t.Errorf("there is no target release-%s that runs the command", command)
		}
	}
}
