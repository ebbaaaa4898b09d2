package devenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/run"
)

// contrib is where Debian has the script that starts Docker for an ordinary user.
const contrib = "/usr/share/docker.io/contrib"

// ownIDs keeps the user apart from builds and containers, whose ids begin at 1000: Close ends all processes of the user.
var ownIDs = []string{"--key", "UID_MIN=30000", "--key", "UID_MAX=39999"}

// makeUser makes an ordinary user with a home on a disk: images take gigabytes.
func (r *Rootless) makeUser(ctx context.Context) error {
	name := "tandem-" + strings.ToLower(rand.Text()[:8])
	argv := append([]string{"useradd", "--create-home", "--base-dir", phasesParent, "--shell", "/bin/bash"}, ownIDs...)
	if err := r.env.run(ctx, "", append(argv, name)...); err != nil {
		return noRootless(err.Error(), err)
	}
	r.user, r.Home = name, filepath.Join(phasesParent, name)
	r.vars = run.Env{
		"HOME": r.Home, "USER": name, "LANG": "C.UTF-8", "NO_COLOR": "1", "TMPDIR": filepath.Join(r.Home, "tmp"), "XDG_RUNTIME_DIR": filepath.Join(r.Home, "run"),
		"PATH": filepath.Join(r.Home, "bin") + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:" + contrib,
	}
	for _, dir := range []string{r.vars["TMPDIR"], filepath.Dir(r.address())} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	for file, text := range r.config {
		path := filepath.Join(r.Home, ".config", file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			return err
		}
	}
	return r.env.run(ctx, "", "chown", "--recursive", name+":", r.Home)
}

// tun is the device that slirp4netns gives containers their network with.
const tun = "/dev/net/tun"

// openTun lets everybody use the device, as udev does. Where no udev runs only root may.
func (r *Rootless) openTun() error {
	info, err := os.Stat(tun)
	if err != nil {
		return noRootless("Containers of ordinary users get their network by "+tun+": "+err.Error(), err)
	}
	if info.Mode().Perm() == 0o666 {
		return nil
	}
	r.tun = info.Mode().Perm()
	return os.Chmod(tun, 0o666)
}

// Close ends all that runs as the user, and removes the user with everything that was theirs.
func (r *Rootless) Close(ctx context.Context) error {
	var err error
	if r.tun != 0 {
		err = os.Chmod(tun, r.tun)
	}
	if r.user == "" {
		return err
	}
	ctx = context.WithoutCancel(ctx) // a test's context ends before what it has made is removed
	return errors.Join(err, r.endAll(ctx), os.RemoveAll(r.Home), r.env.run(ctx, "", "userdel", r.user))
}

// endAll ends the processes of the user and of the ids that the user's containers have.
func (r *Rootless) endAll(ctx context.Context) error {
	ours, err := r.ids()
	if err != nil {
		return err
	}
	for range 100 {
		left, err := processesOf(ours)
		if err != nil || len(left) == 0 {
			return err
		}
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may end meanwhile
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("processes of %s do not end", r.user)
}

// processesOf are the running processes whose user ours knows.
func processesOf(ours func(uid int) bool) (pids []int, err error) {
	folders, err := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		var stat syscall.Stat_t
		status, readErr := os.ReadFile(folder + "/stat")
		if readErr != nil || syscall.Stat(folder, &stat) != nil || !ours(int(stat.Uid)) {
			continue // it has ended, or is somebody else's
		}
		if _, state, _ := strings.Cut(string(status), ") "); strings.HasPrefix(state, "Z") {
			continue // it has ended and only its parent has not looked
		}
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	return pids, err
}

// ids tells which ids are the user's: the own one, and those that /etc/subuid gives.
func (r *Rootless) ids() (func(uid int) bool, error) {
	account, err := user.Lookup(r.user)
	if err != nil {
		return nil, err
	}
	own, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile("/etc/subuid")
	if err != nil {
		return nil, err
	}
	first, count := 0, 0
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, r.user+":"); ok {
			if _, err := fmt.Sscanf(rest, "%d:%d", &first, &count); err != nil {
				return nil, fmt.Errorf("parse /etc/subuid: %w", err)
			}
		}
	}
	return func(uid int) bool { return uid == own || uid >= first && uid < first+count }, nil
}
