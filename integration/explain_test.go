package integration

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/explain"
)

// explained is what the buildpack's own program says of an app.
func explained(t *testing.T, b devenv.Build) (e explain.Explanation) {
	t.Helper()
	buildpack, err := env.Buildpack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"explain", "--json"}
	for name, value := range b.Env {
		args = append(args, "--env", name+"="+value)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(buildpack, "bin/tandem"), append(args, b.App)...)
	cmd.Env = []string{}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &errs)
	}
	if err := json.Unmarshal(out, &e); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return e
}

// agrees compares an explanation with what a build of the same app has done: its decisions, commands and processes.
func agrees(t *testing.T, e explain.Explanation, log string, processes []process) {
	t.Helper()
	for _, line := range e.Decisions {
		if line, _, _ = strings.Cut(line, "\n"); !strings.Contains(log, "  "+line+"\n") {
			t.Errorf("explained, and not in the log: %s", line)
		}
	}
	for _, runtime := range e.Runtimes {
		if !strings.Contains(log, " "+runtime.Name+" "+runtime.Version+", from "+runtime.Why+"\n") {
			t.Errorf("explained, and not in the log: %s %s", runtime.Name, runtime.Version)
		}
	}
	ran := commands(log)
	sides := map[string][]explain.Step{}
	for _, step := range e.Order {
		if len(e.Runtimes) == 1 {
			step.Side = "" // the log has no sides without Node
		}
		sides[step.Side] = append(sides[step.Side], step)
	}
	for _, side := range []string{"", "python", "node"} {
		sameOrder(t, side, sides[side], ran[side])
	}
	sameProcesses(t, processes, e.Processes)
}

var (
	running = regexp.MustCompile(`(?m)^  (?:(\w+) +\| )?\$ (.*)$`)
	// how a package manager is fetched is a matter of its own
	ofATool = regexp.MustCompile(` \(\S+@\S+\)$`)
)

// commands are those that a log shows, by their side.
func commands(log string) map[string][]string {
	all := map[string][]string{}
	for _, m := range running.FindAllStringSubmatch(log, -1) {
		if !ofATool.MatchString(m[2]) {
			all[m[1]] = append(all[m[1]], m[2])
		}
	}
	return all
}

// sameOrder expects the commands in their order; only those with a condition may be missing.
func sameOrder(t *testing.T, side string, steps []explain.Step, ran []string) {
	t.Helper()
	left := ran
	for _, step := range steps {
		switch {
		case len(step.Command) == 0:
		case len(left) > 0 && left[0] == step.Name:
			left = left[1:]
		case step.If == "":
			t.Errorf("[%s] explained, and not run at its place: %s\nrun were:\n%s", side, step.Name,
				strings.Join(ran, "\n"))
		}
	}
	if len(left) > 0 {
		t.Errorf("[%s] run, and not explained: %s", side, strings.Join(left, "\n"))
	}
}

// process is one of an image, as launch.toml and the image's label have it.
type process struct {
	Type    string
	Command []string
	Default bool
}

// builtProcesses are those of the last build by the lifecycle.
func builtProcesses(t *testing.T, p *devenv.Phases) []process {
	t.Helper()
	var launch struct{ Processes []process }
	if _, err := toml.DecodeFile(filepath.Join(p.Layers, "launch.toml"), &launch); err != nil {
		t.Fatal(err)
	}
	return launch.Processes
}

// labelledProcesses are those of an image. Its label does not say which is the default: the entry point does.
func labelledProcesses(t *testing.T, image string) []process {
	t.Helper()
	label, err := env.Label(t.Context(), image, "io.buildpacks.build.metadata")
	if err != nil {
		t.Fatal(err)
	}
	entry, err := env.Docker(t.Context(), "image", "inspect", "--format", "{{join .Config.Entrypoint \" \"}}", image)
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct{ Processes []process }
	if err := json.Unmarshal([]byte(label), &metadata); err != nil {
		t.Fatal(err)
	}
	for i, p := range metadata.Processes {
		metadata.Processes[i].Default = strings.TrimSpace(entry) == "/cnb/process/"+p.Type
	}
	return metadata.Processes
}

func hasTypes(t *testing.T, processes []process, want expectation) {
	t.Helper()
	for _, name := range want.Processes {
		if !slices.ContainsFunc(processes, func(p process) bool { return p.Type == name }) {
			t.Errorf("there is no process type %s: %v", name, processes)
		}
	}
}

// sameProcesses expects each process of the image among the explained ones, and each of these that has no condition in
// the image.
func sameProcesses(t *testing.T, processes []process, explained []explain.Process) {
	t.Helper()
	built := map[string]bool{}
	for _, process := range processes {
		// that depends on gunicorn's version
		command := strings.Replace(process.Command[len(process.Command)-1], " --no-control-socket", "", 1)
		known := false
		for _, other := range explained {
			known = known || other.Type == process.Type && other.Command == command && other.Default == process.Default
		}
		if built[process.Type] = true; !known {
			t.Errorf("in the image, and not explained: %s: %s", process.Type, command)
		}
	}
	for _, process := range explained {
		if process.If == "" && !built[process.Type] {
			t.Errorf("explained, and not in the image: %s", process.Type)
		}
	}
}
