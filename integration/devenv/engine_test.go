//go:build linux

package devenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An engine outlives the command that has started it. If it had that command's open files, it would keep their locks.
func TestAnEngineInheritsNoFiles(t *testing.T) {
	dir := t.TempDir()
	opened := filepath.Join(dir, "opened")
	for name, script := range map[string]string{
		"dockerd": `readlink /proc/$$/fd/* >"` + opened + `.new"; mv "` + opened + `.new" "` + opened + `"`,
		"docker":  `while [ ! -e "` + opened + `" ]; do sleep 0.05; done`,
		"ip":      "exit 0", // what is on the bridge is of another engine
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	lock, err := os.Create(filepath.Join(dir, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	home := filepath.Join(dir, "home")
	if err := os.MkdirAll(filepath.Join(home, "docker/data"), 0o755); err != nil { // no file system is made for these
		t.Fatal(err)
	}
	start := exec.CommandContext(t.Context(), "./engine.sh", "start", home)
	start.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	start.ExtraFiles = []*os.File{lock}
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files, err := os.ReadFile(opened)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(files), home+"/dockerd.log") || strings.Contains(string(files), lock.Name()) {
		t.Errorf("the engine has these files:\n%s", files)
	}
}
