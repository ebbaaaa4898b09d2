package release

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// started is the name of the image that the quick start builds here.
const started = "tandem-quick-start"

// start does what README's quick start says with the image of the registry: it builds an example, starts it and asks
// for its page. TANDEM_BUILDER names another builder than README.
func (r release) start(ctx context.Context, image string) error {
	text, err := os.ReadFile(filepath.Join(r.dev.Root, "README.md"))
	if err != nil {
		return err
	}
	guide, err := quickStart(string(text))
	if err != nil {
		return err
	}
	_, tag, _ := strings.Cut(guide.buildpack, ":")
	if !slices.Contains(r.tags(), tag) {
		return fmt.Errorf("the quick start of README has the tag %q, want one of %v", tag, r.tags())
	}
	if err := r.buildStarted(ctx, image+":"+tag); err != nil {
		return err
	}
	container, err := r.dev.Run(ctx, started, devenv.Start{Env: guide.env})
	if err != nil {
		return err
	}
	return errors.Join(asked(ctx, container), container.Stop(context.WithoutCancel(ctx)))
}

// buildStarted builds the example with a buildpack.
func (r release) buildStarted(ctx context.Context, buildpack string) error {
	builder, err := r.dev.Builder(ctx)
	if err != nil {
		return err
	}
	build := devenv.Build{Image: started, Builder: devenv.Builder{Image: builder.Image, Buildpack: buildpack}}
	if builder.Buildpack == "" { // made here: no registry has an image of its lifecycle
		build.Flags = []string{"--trust-extra-buildpacks"} // its own lifecycle builds
	}
	dir, err := os.MkdirTemp("", "tandem-start-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if build.App, err = r.dev.Stage(ctx, filepath.Join(r.dev.Root, "examples/vite"), dir); err != nil {
		return err
	}
	log, err := r.dev.PackBuild(ctx, build)
	if version := "Tandem " + r.version; err == nil && !strings.Contains(log, version) {
		err = fmt.Errorf("the log of the build does not have %q", version)
	}
	return err
}

// asked asks a container for its page. The host is the one that the variables of the quick start allow.
func asked(ctx context.Context, container *devenv.Container) error {
	response, _, err := devenv.Answer(ctx, strings.Replace(container.URL, "127.0.0.1", "localhost", 1)+"/")
	if err == nil && response.StatusCode == http.StatusOK {
		return nil
	} else if err == nil {
		err = fmt.Errorf("the page answers %s", response.Status)
	}
	logs, _ := container.Logs(ctx) // the other error is the one to read
	return fmt.Errorf("%w\n%s", err, logs)
}

// guide is what the commands of a quick start name.
type guide struct {
	builder, buildpack string
	env                map[string]string // of the container
}

// quickStart reads the commands of a quick start: the first build that names a builder, and how its image is started.
func quickStart(text string) (g guide, err error) {
	g.env = map[string]string{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 3 || !strings.HasPrefix(line, "    ") {
			continue
		}
		for i, word := range words[:len(words)-1] {
			switch next := words[i+1]; {
			case words[0] == "pack" && word == "--builder":
				g.builder = next
			case words[0] == "pack" && word == "--buildpack":
				g.buildpack = next
			case words[0] == "docker" && word == "-e":
				name, value, _ := strings.Cut(next, "=")
				g.env[name] = value
			}
		}
		if words[0] == "docker" && words[1] == "run" {
			break
		}
	}
	if g.builder == "" || g.buildpack == "" || len(g.env) == 0 {
		err = errors.New("the quick start has no builder, no buildpack or no variables")
	}
	return g, err
}
