//go:build platforms

package integration

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"
)

// pipelinesPages are the pages of docs/platforms that one run of TestPipelines follows.
var pipelinesPages = []string{"github-actions", "gitlab", "tekton"}

// pipelinesPage is the text of these pages, with the test's registry instead of all others.
type pipelinesPage struct {
	text     string
	registry string // in the place of registry.example.com
	task     task
	workflow struct {
		Jobs map[string]struct{ Steps []workflowStep }
	}
	gitlab   map[string]gitlabJob
	builder  string
	commands []string
}

// gitlabJob is a job of GitLab CI. https://docs.gitlab.com/ci/yaml/
type gitlabJob struct {
	Before []string `yaml:"before_script"`
	Script []string
}

// workflowStep is a step of a job of GitHub Actions.
type workflowStep struct {
	Run string
	Env map[string]string
}

// task is as much of a Task of Tekton's as the page uses. https://tekton.dev/docs/pipelines/tasks/
type task struct {
	Spec struct {
		Params  []struct{ Name, Default string }
		Volumes []struct {
			Name      string
			EmptyDir  *struct{} `yaml:"emptyDir"`
			ConfigMap *struct{} `yaml:"configMap"`
			Secret    *struct {
				SecretName string `yaml:"secretName"`
			}
		}
		Workspaces []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
		}
		StepTemplate taskStep `yaml:"stepTemplate"`
		Steps        []taskStep
	}
}

type taskStep struct {
	Name, Image  string
	Command      []string
	Env          []struct{ Name, Value string }
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
	SecurityContext struct {
		RunAsUser  int `yaml:"runAsUser"`
		RunAsGroup int `yaml:"runAsGroup"`
	} `yaml:"securityContext"`
}

func openPipelines(t *testing.T, registry string) *pipelinesPage {
	t.Helper()
	p := &pipelinesPage{registry: registry}
	for _, name := range pipelinesPages {
		p.text += read(t, filepath.Join(env.Root, "docs/platforms", name+".md")) + "\n"
	}
	p.text = strings.NewReplacer(
		"buildpacksio/pack:0.40.6", registry+"/pack:0.40.6", published, registry+"/tandem:0.1.0",
		"registry.example.com", registry, "heroku/builder:26", registry+"/tandem-builder", "heroku/heroku:26-build",
		registry+"/build", "heroku/heroku:26", registry+"/run",
	).Replace(p.text)
	for _, block := range codeBlock.FindAllStringSubmatch(p.text, -1) {
		var into any = &p.task
		switch {
		case block[1] == "toml":
			p.builder = block[2]
			if _, err := toml.Decode(block[2], &map[string]any{}); err != nil {
				t.Fatal(err)
			}
			continue
		case strings.HasPrefix(block[2], "name: image"):
			into = &p.workflow
		case strings.HasPrefix(block[2], "image:"):
			into = &p.gitlab
		}
		if err := yaml.Unmarshal([]byte(block[2]), into); err != nil {
			t.Fatalf("%v in\n%s", err, block[2])
		}
	}
	for line := range strings.Lines(codeBlock.ReplaceAllString(p.text, "")) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			p.commands = append(p.commands, command)
		}
	}
	return p
}

// host is where commands of the page run: with pack and this machine's certificates for builds.
type host struct {
	dir string
	env []string
}

// newHost has a pack on its PATH that gives each build the network and the certificates of this machine, and knows what
// phases run in beside a builder that it does not trust, since the public image is in no registry here.
func newHost(t *testing.T, lifecycle string) *host {
	t.Helper()
	pack, err := env.Pack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h := &host{dir: t.TempDir()}
	put(t, filepath.Join(h.dir, "home/config.toml"), fmt.Sprintf("lifecycle-image = %q\n", lifecycle))
	hostCertificates(t, filepath.Join(h.dir, "ca"))
	put(t, filepath.Join(h.dir, "bin/pack"),
		fmt.Sprintf("#!/bin/sh\nif [ \"$1\" = build ]; then set -- \"$@\" --network host --volume "+
			"%s/ca:/platform/bindings/host-ca:ro; fi\nexec %s \"$@\"\n", h.dir, pack))
	if err := os.Chmod(filepath.Join(h.dir, "bin/pack"), 0o755); err != nil {
		t.Fatal(err)
	}
	h.env = append(os.Environ(), "PATH="+h.dir+"/bin:"+os.Getenv("PATH"), "PACK_HOME="+h.dir+"/home",
		"PACK_VOLUME_KEY=tandem-test", "NO_COLOR=1")
	return h
}

func hostCertificates(t *testing.T, dir string) {
	t.Helper()
	host, err := env.HostCertificates()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "type"), "ca-certificates\n")
	put(t, filepath.Join(dir, "host.pem"), string(host))
}
