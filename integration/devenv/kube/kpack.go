//go:build linux

package kube

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// install applies kpack's own YAML and waits until kpack works.
func (c *Cluster) install(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(c.kpack, "config/*.yaml")) // sorted, and so the namespace comes first
	var kpack, last strings.Builder
	for _, file := range files {
		content, failed := os.ReadFile(file)
		err = errors.Join(err, failed)
		switch filepath.Base(file) {
		case "schema.yaml": // of the templates
		case "default_clusterlifecycle.yaml":
			last.WriteString(render(string(content)))
		default:
			kpack.WriteString(render(string(content)) + "\n---\n")
		}
	}
	if err := errors.Join(err, c.apply(ctx, "kpack.yaml", kpack.String())); err != nil {
		return err
	}
	for _, name := range []string{"webhook", "controller"} {
		_, err := c.Kubectl(ctx, "--namespace=kpack", "rollout", "status", "deployment/kpack-"+name, "--timeout=2m")
		if err != nil {
			pods, _ := c.Kubectl(ctx, "--namespace=kpack", "describe", "pods") // the other error says more
			return fmt.Errorf("%w\n%s", err, pods)
		}
	}
	// The webhook checks it, and needs a moment to get its own certificate.
	return wait(ctx, func() error { return c.apply(ctx, "lifecycle.yaml", last.String()) })
}

func (c *Cluster) apply(ctx context.Context, name, text string) error {
	file := filepath.Join(c.dir, name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return err
	}
	_, err := c.Kubectl(ctx, "apply", "--filename", file)
	return err
}

// value matches a value in kpack's YAML that its own templates would fill in, and comment a line of these templates.
var (
	value   = regexp.MustCompile(`#@ data\.values\.([a-z_]+)(\.image)?`)
	comment = regexp.MustCompile(`(?m)^#@.*\n?`)
)

// render fills in kpack's templates.
func render(text string) string {
	return value.ReplaceAllStringFunc(comment.ReplaceAllString(text, ""), func(found string) string {
		switch name := value.FindStringSubmatch(found)[1]; name {
		case "kpack_version":
			return strings.TrimPrefix(devenv.KpackVersion, "v")
		case "lifecycle":
			return lifecycle
		default:
			return programs + "-" + strings.ReplaceAll(name, "_", "-")
		}
	})
}
