package devenv

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tandem-cnb/tandem/internal/run"
)

// What Docker has stored is there again after the engine was stopped and started, and a file that holds no file system
// is not its end.
func TestEngineDiskKeepsItsDataUntilItIsSpoiled(t *testing.T) {
	e := &Env{Root: "../..", Home: t.TempDir(), Log: io.Discard, vars: run.ParseEnv(os.Environ())}
	e.vars["TANDEM_ENGINE_DISK"] = "67108864" // bytes
	data, disk := filepath.Join(e.Home, "docker"), filepath.Join(e.Home, "docker.ext4")
	mounted := func() bool { return exec.Command("mountpoint", "--quiet", data).Run() == nil }
	mount := func() {
		t.Helper()
		if err := e.engine(t.Context(), "mount"); err != nil {
			t.Fatal(err)
		}
	}
	unmount := func() {
		t.Helper()
		if err := e.engine(t.Context(), "unmount"); err != nil {
			t.Fatal(err)
		}
		if mounted() {
			t.Fatal("it is mounted")
		}
	}
	if err := mountable(t); err != nil {
		t.Skipf("mount: loop devices cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = e.engine(context.Background(), "unmount") }) // after a failure; else it is unmounted
	stored := filepath.Join(data, "stored")
	mount()
	if err := os.WriteFile(stored, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	unmount()
	if _, err := os.Stat(stored); !os.IsNotExist(err) {
		t.Fatalf("it was not stored on the disk: %v", err)
	}
	mount()
	if content, err := os.ReadFile(stored); err != nil || string(content) != "kept" {
		t.Fatalf("%v: %q", err, content)
	}
	hasJournal := "dumpe2fs -h '" + disk + "' 2>/dev/null | grep -c '^Filesystem features:.*has_journal'"
	if journal, err := exec.Command("sh", "-c", hasJournal).Output(); err != nil {
		t.Errorf("the disk has no journal, and nothing is gained: %s, %v", journal, err)
	}
	unmount()
	if err := os.WriteFile(disk, []byte("no file system"), 0o600); err != nil {
		t.Fatal(err)
	}
	mount()
	if entries, err := os.ReadDir(data); err != nil || len(entries) > 1 { // lost+found
		t.Errorf("%v: %v", err, entries)
	}
	unmount()
}

// mountable says why this machine mounts no file as a disk: only root may, and not in every container.
func mountable(t *testing.T) error {
	file, dir := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	for _, argv := range [][]string{{"truncate", "-s", "16M", file}, {"mkfs.ext4", "-q", "-F", file},
		{"mount", "-o", "loop", file, dir}, {"umount", dir}} {
		if err := exec.Command(argv[0], argv[1:]...).Run(); err != nil {
			return err
		}
	}
	return nil
}
