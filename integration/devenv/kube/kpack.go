//go:build linux

package kube

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// value is a line in kpack's YAML that its own templates would fill in.
var value = regexp.MustCompile(`#@ data\.values\.([a-z_]+)(\.image)?`)

// install applies kpack's own YAML and waits until kpack works.
func (c *Cluster) install(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(c.kpack, "config/*.yaml"))
	if err != nil {
		return err
	}
	rendered := map[string]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name := filepath.Base(file)
		rendered[name] = filepath.Join(c.dir, "kpack-"+name)
		if err := os.WriteFile(rendered[name], []byte(render(string(content))), 0o644); err != nil {
			return err
		}
	}
	const first, last, schema = "100-namespace.yaml", "default_clusterlifecycle.yaml", "schema.yaml"
	apply := []string{"apply", "--filename", rendered[first]}
	for name, file := range rendered {
		if name != first && name != last && name != schema {
			apply = append(apply, "--filename", file)
		}
	}
	if _, err := c.Kubectl(ctx, apply...); err != nil {
		return err
	}
	for _, name := range []string{"webhook", "controller"} {
		if _, err := c.Kubectl(ctx, "--namespace", "kpack", "rollout", "status", "deployment/kpack-"+name, "--timeout", "2m"); err != nil {
			pods, _ := c.Kubectl(ctx, "--namespace", "kpack", "describe", "pods") // the other error is the one to read
			return fmt.Errorf("%w\n%s", err, pods)
		}
	}
	// It is looked at by the webhook, which takes a moment to get its own certificate.
	return wait(ctx, func() error { _, err := c.Kubectl(ctx, "apply", "--filename", rendered[last]); return err })
}

func render(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#@") {
			continue
		}
		lines = append(lines, value.ReplaceAllStringFunc(line, func(found string) string {
			name := value.FindStringSubmatch(found)[1]
			switch name {
			case "kpack_version":
				return strings.TrimPrefix(devenv.KpackVersion, "v")
			case "lifecycle":
				return lifecycle
			}
			return Registry + "/kpack-" + strings.ReplaceAll(name, "_", "-")
		}))
	}
	return strings.Join(lines, "")
}
