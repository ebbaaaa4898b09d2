package devenv

import (
	"context"
	"os"
	"path/filepath"
)

const (
	// kubernetesVersion is the last line whose kubelet starts with cgroups of version 1 without being told twice.
	kubernetesVersion = "v1.34.1"
	// KpackVersion is kpack's.
	KpackVersion = "v0.17.2"
)

// Kubernetes is a folder with Kubernetes' programs, built from source: about 6 minutes on two cores the first time.
func (e *Env) Kubernetes(ctx context.Context) (string, error) {
	return e.kept("kubernetes-"+kubernetesVersion, func(dir string) error {
		return e.step("build Kubernetes "+kubernetesVersion, func() error {
			const version = "-X k8s.io/component-base/version."
			module := goModule{path: "k8s.io/kubernetes", version: kubernetesVersion,
				ldflags: version + "gitVersion=" + kubernetesVersion + " " + version + "gitMajor=1 " + version + "gitMinor=34"}
			const cmd = "k8s.io/kubernetes/cmd/"
			return e.goBuild(ctx, module, dir, cmd+"kube-apiserver", cmd+"kube-controller-manager", cmd+"kube-scheduler", cmd+"kubelet", cmd+"kubectl")
		})
	})
}

// KpackPrograms are kpack's own, one an image.
var KpackPrograms = []string{"controller", "webhook", "build-init", "build-waiter", "completion", "rebase"}

// Kpack is a folder with kpack's programs, built from source, and the YAML that installs kpack, in config: about 4 minutes the first time.
func (e *Env) Kpack(ctx context.Context) (string, error) {
	return e.kept("kpack-"+KpackVersion, func(dir string) error {
		return e.step("build kpack "+KpackVersion, func() error {
			const cmd = "github.com/pivotal/kpack/cmd"
			module := goModule{path: "github.com/pivotal/kpack", version: KpackVersion, ldflags: "-X " + cmd + ".Version=" + KpackVersion[1:]}
			var packages []string
			for _, program := range KpackPrograms {
				packages = append(packages, cmd+"/"+program)
			}
			if err := e.goBuild(ctx, module, dir, packages...); err != nil {
				return err
			}
			source, err := e.goSource(ctx, module)
			if err != nil {
				return err
			}
			return os.CopyFS(filepath.Join(dir, "config"), os.DirFS(filepath.Join(source, "config")))
		})
	})
}
