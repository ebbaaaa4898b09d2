//go:build platforms

package integration

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// taskRun is what the steps of a Task share: folders, by the names of volumes and workspaces.
type taskRun struct {
	task    task
	params  map[string]string
	folders map[string]string
}

func newTaskRun(t *testing.T, page *pipelinesPage, image, cache string) *taskRun {
	t.Helper()
	r := &taskRun{task: page.task, params: map[string]string{"image": image, "cache": cache},
		folders: map[string]string{}}
	for _, param := range r.task.Spec.Params {
		r.params[param.Name] = cmp.Or(r.params[param.Name], param.Default)
	}
	dir := t.TempDir()
	for _, volume := range r.task.Spec.Volumes {
		r.folders[volume.Name] = filepath.Join(dir, volume.Name)
	}
	for _, workspace := range r.task.Spec.Workspaces {
		r.folders[workspace.Name] = filepath.Join(dir, workspace.Name)
	}
	for _, folder := range r.folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(r.folders["variables"], "BP_PYTHON_VERSION"), "3.13")
	put(t, filepath.Join(r.folders["build-env"], "type"), "tandem-build-env\n")
	put(t, filepath.Join(r.folders["build-env"], "SENTRY_AUTH_TOKEN"), canary("BuildEnv"))
	hostCertificates(t, r.folders["company-ca"])
	return r
}

// source puts the app into the workspace as it is now, and empties what a pod would have anew.
func (r *taskRun) source(t *testing.T, app string) {
	t.Helper()
	for _, name := range []string{"layers", "source"} {
		if err := os.RemoveAll(r.folders[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(r.folders["source"], os.DirFS(app)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(r.folders["layers"], 0o755); err != nil {
		t.Fatal(err)
	}
}

// all runs the steps one after the other, each in a container of its own.
func (r *taskRun) all(t *testing.T) (log string) {
	t.Helper()
	for _, step := range r.task.Spec.Steps {
		log += r.step(t, step)
	}
	return log
}

func (r *taskRun) step(t *testing.T, step taskStep) string {
	t.Helper()
	fill := func(text string) string {
		for name, value := range r.params {
			text = strings.ReplaceAll(text, "$(params."+name+")", value)
		}
		return text
	}
	argv := []string{"docker", "run", "--rm", "--network", "host", "--workdir", "/workspace", "--env",
		"CNB_NO_COLOR=true",
		"--user", fmt.Sprintf("%d:%d", step.SecurityContext.RunAsUser, step.SecurityContext.RunAsGroup)}
	for _, variable := range append(r.task.Spec.StepTemplate.Env, step.Env...) {
		argv = append(argv, "--env", variable.Name+"="+variable.Value)
	}
	for _, mount := range append(r.task.Spec.StepTemplate.VolumeMounts, step.VolumeMounts...) {
		argv = append(argv, "--volume", r.folders[mount.Name]+":"+mount.MountPath)
	}
	for _, workspace := range r.task.Spec.Workspaces {
		argv = append(argv, "--volume", r.folders[workspace.Name]+":"+workspace.MountPath)
	}
	argv = append(argv, "--entrypoint", step.Command[0], fill(step.Image))
	for _, argument := range step.Command[1:] {
		argv = append(argv, fill(argument))
	}
	return typed(t, "", argv...)
}
