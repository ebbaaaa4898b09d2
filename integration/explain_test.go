package integration

import (
	"bytes"
	"encoding/json"
	"os"
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

// agrees compares an explanation with a build of the same app: the decisions with its log, the steps with the ids of
// those that have run, and the processes.
func agrees(t *testing.T, e explain.Explanation, log string, ran []string, processes []process) {
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
	sameSteps(t, e.Order, ran)
	sameProcesses(t, processes, e.Processes)
}

// unnamed are steps that are parts of others in the log, so explain does not list them.
var unnamed = regexp.MustCompile(
	`^(python/(runtime|uv|tool:2|pip|bytecode)|node/(runtime|headers|package:.*)|image/(bytecode|environment|processes))$`)

// sameSteps expects the steps of each side in their order; only those with a condition may be missing.
func sameSteps(t *testing.T, steps []explain.Step, ran []string) {
	t.Helper()
	sides, last := map[string]string{}, map[string]int{}
	for _, step := range steps {
		sides[step.ID] = step.Side
		at := slices.Index(ran, step.ID)
		switch {
		case at < 0 && step.If == "":
			t.Errorf("explained, and has not run: %s", step.ID)
		case at >= 0 && at < last[step.Side]:
			t.Errorf("%s has run before %s, and comes later in the explanation", step.ID, ran[last[step.Side]])
		case at >= 0:
			last[step.Side] = at
		}
	}
	for _, id := range ran {
		if _, known := sides[id]; !known && !unnamed.MatchString(id) {
			t.Errorf("has run, and is not explained: %s", id)
		}
	}
	if t.Failed() {
		t.Logf("run were: %q", ran)
	}
}

// timeline returns a file in dir for the timeline of a build, to which every user may write, and a function that reads
// the ids of the steps from it, in the order in which they began.
func timeline(t *testing.T, dir string) (file string, ids func() []string) {
	t.Helper()
	file = filepath.Join(dir, "timeline.json")
	err := os.WriteFile(file, nil, 0o644)
	if err == nil {
		err = os.Chmod(file, 0o666) // whatever the umask is
	}
	if err != nil {
		t.Fatal(err)
	}
	return file, func() (ids []string) {
		var timeline struct{ Steps []struct{ ID string } }
		data, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(data, &timeline)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range timeline.Steps {
			if step.ID != "" {
				ids = append(ids, step.ID)
			}
		}
		return ids
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
		// The option depends on gunicorn's version, which not all files show.
		without := func(command string) string { return strings.Replace(command, " --no-control-socket", "", 1) }
		command := without(process.Command[len(process.Command)-1])
		known := false
		for _, other := range explained {
			known = known || other.Type == process.Type && without(other.Command) == command &&
				other.Default == process.Default
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
