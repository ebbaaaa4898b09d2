package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/run"
)

const (
	diskWanted = 32 << 30 // all tests together leave some 15 GB
	diskLeast  = 10 << 30
	// What a crash of the machine leaves of caches does not matter. Without discard the file only grows, with it half of the gain is lost.
	// https://www.kernel.org/doc/html/latest/admin-guide/ext4.html
	diskOptions = "loop,noatime,nobarrier,data=writeback,commit=300,noinit_itable"
)

// dataRoot is the folder for the data of our Docker Engine. Where Home lies on ext4 without a journal, for which Memory has the reason, it is a
// file system with one, in a file of Home: builds with pack take a third less there. Where that cannot be, it is an ordinary folder.
func (e *Env) dataRoot(ctx context.Context) (string, error) {
	root := e.engineData()
	if err := os.MkdirAll(root, 0o711); err != nil {
		return "", err
	}
	if mounted, err := isMount(root); err != nil || mounted {
		return root, err
	}
	if earlier, err := os.ReadDir(root); err != nil || len(earlier) > 0 || !withoutJournal(e.Home) {
		return root, err
	}
	if _, err := run.LookPath("mkfs.ext4", e.vars["PATH"], ""); err != nil {
		return root, nil
	}
	if err := e.mountDisk(ctx, e.disk(), root); err != nil {
		fmt.Fprintf(e.Log, "Docker's data have no disk of their own: %v\n", err)
	}
	return root, nil
}

func (e *Env) engineData() string { return filepath.Join(e.Home, "docker") }
func (e *Env) disk() string       { return filepath.Join(e.Home, "docker.ext4") }

// mountDisk mounts the file system in the file on dir. One that is not there, or is no longer one, is made.
func (e *Env) mountDisk(ctx context.Context, file, dir string) error {
	mount := func() error { return e.run(ctx, "", "mount", "-t", "ext4", "-o", diskOptions, file, dir) }
	if _, err := os.Stat(file); err == nil && mount() == nil {
		return nil
	}
	size, err := diskSize(filepath.Dir(file))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(file); err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Truncate(file, size)); err != nil {
		return err
	}
	if err := e.run(ctx, "", "mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", file); err != nil {
		return err
	}
	if err := mount(); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	return nil
}

// diskSize leaves half of the space to everything else.
func diskSize(dir string) (int64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, err
	}
	size := min(diskWanted, int64(fs.Bavail)*int64(fs.Bsize)/2)
	if size < diskLeast {
		return 0, fmt.Errorf("%d MB are too little", size>>20)
	}
	return size, nil
}

// unmountDisk is the opposite of dataRoot. The data stay in their file.
func (e *Env) unmountDisk() error {
	if _, err := os.Stat(e.disk()); errors.Is(err, os.ErrNotExist) {
		return nil // what is mounted there, if anything, is not ours
	}
	for {
		mounted, err := isMount(e.engineData())
		if err != nil || !mounted {
			return err
		}
		if err := syscall.Unmount(e.engineData(), 0); err != nil { // twice, when dockerd was killed: it mounts the folder on itself
			return &os.PathError{Op: "unmount", Path: e.engineData(), Err: err}
		}
	}
}

// isMount says whether dir lies on another device than the folder it is in.
func isMount(dir string) (bool, error) {
	inside, err := device(dir)
	if err != nil {
		return false, err
	}
	outside, err := device(filepath.Dir(dir))
	return inside != outside, err
}

// device is the number of the device that a file lies on.
func device(path string) (uint64, error) {
	var file syscall.Stat_t
	if err := syscall.Stat(path, &file); err != nil {
		return 0, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return uint64(file.Dev), nil // a uint64 already, where Docker is started
}

// withoutJournal says whether the folder lies on ext4 that has none; other file systems, and what cannot be asked, count as having one.
// https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-fs-ext4
func withoutJournal(dir string) bool {
	number, err := device(dir)
	if err != nil {
		return false
	}
	major, minor := (number>>8)&0xfff, number&0xff|(number>>12)&0xfff00
	block, err := os.Readlink(fmt.Sprintf("/sys/dev/block/%d:%d", major, minor))
	if err != nil {
		return false
	}
	task, err := os.ReadFile(filepath.Join("/sys/fs/ext4", filepath.Base(block), "journal_task"))
	return err == nil && strings.TrimSpace(string(task)) == "<none>"
}
