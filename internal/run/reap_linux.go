package run

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// NewReaper makes this process inherit the processes that its commands leave running. So they stay its descendants,
// whatever they do: neither the end of a parent nor a new session hides them.
// https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
func NewReaper() *Reaper {
	// It fails before Linux 3.4 only. Processes that still have their parent are found even then.
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	r := &Reaper{before: map[process]bool{}}
	all, _ := r.below(func(stat) {})
	for _, p := range all {
		r.before[p.process] = true
	}
	return r
}

// Reap kills all processes below this one and returns their names. The caller must not run another command meanwhile.
// An error means that some cannot be killed.
func (r *Reaper) Reap() ([]string, error) {
	begin, killed := time.Now(), map[process]string{}
	for empty := 0; empty < mostLooks; {
		newest, took := newestProcess(), time.Since(begin)
		left, sure := r.kill(took > endingDelay, killed)
		switch {
		case left == 0 && sure && newest == newestProcess():
			return names(killed), nil
		case left == 0:
			empty++ // a process that has started meanwhile may not be in the list
		case took > killDelay:
			return names(killed), fmt.Errorf("%d processes cannot be killed", left)
		default:
			empty = 0
			time.Sleep(reapPoll)
		}
	}
	return names(killed), nil
}

// names returns the names of the processes, sorted, one for each process.
func names(killed map[process]string) []string { return slices.Sorted(maps.Values(killed)) }

// newestProcess returns the ID that was given last, to a thread perhaps.
// https://man7.org/linux/man-pages/man5/proc_loadavg.5.html
func newestProcess() string {
	data, _ := os.ReadFile("/proc/loadavg") // where it cannot be read it never changes
	return string(data[bytes.LastIndexByte(data, ' ')+1:])
}

// kill sends a signal to all that is left, if it is time for that, and returns how many there are. sure is that of
// below.
func (r *Reaper) kill(now bool, killed map[process]string) (left int, sure bool) {
	end := func(p stat) {
		if now && p.state != "Z" && signal(p.process) == nil {
			killed[p.process] = p.name
		}
	}
	// Its own children at once: what always hands over to a new process and ends is one of them, and gone if we read
	// on.
	all, sure := r.below(end)
	for _, p := range all {
		if p.state == "Z" {
			if p.parent == os.Getpid() { // inherited, so no other code waits for it
				_, _ = unix.Wait4(p.id, nil, unix.WNOHANG, nil) // if it is gone already, so much the better
			}
			continue
		}
		left++
		end(p)
	}
	return left, sure
}

// signal kills p, and not another process that has its ID by now: os.FindProcess refers to the one it has found. The
// error is os.ErrProcessDone if p has ended.
func signal(p process) error {
	found, err := os.FindProcess(p.id)
	if err != nil {
		return err
	}
	defer func() { _ = found.Release() }() // it frees memory and never fails
	if again, err := statOf(p.id); err != nil || again.process != p {
		return os.ErrProcessDone
	}
	return found.Kill()
}

// stat has the kernel's data about a process.
type stat struct {
	process
	name, state string
	parent      int
}

// below returns the processes below this one without those that r leaves alone. The children among them go to found as
// they are read. sure is false if a process has ended meanwhile: it may have started one that is not in the list. The
// kernel gives a number to a new process before it shows it.
func (r *Reaper) below(found func(stat)) (all []stat, sure bool) {
	// /proc may be that of another PID namespace, whose numbers are not ours.
	if self, err := os.Readlink("/proc/self"); err != nil || self != strconv.Itoa(os.Getpid()) {
		return nil, true
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, true // there is nothing to see
	}
	running := map[int]stat{}
	sure = true
	for _, entry := range entries {
		id, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		p, err := statOf(id)
		if err != nil {
			sure = false
			continue
		}
		running[id] = p
		if p.parent == os.Getpid() && r.owns(p, running) {
			found(p)
		}
	}
	for _, p := range running {
		if r.owns(p, running) {
			all = append(all, p)
		}
	}
	return all, sure
}

// owns follows p's parents up to this process and reports whether none of them is to be left alone.
func (r *Reaper) owns(p stat, all map[int]stat) bool {
	for range len(all) {
		if r.before[p.process] {
			return false
		}
		if p.parent == os.Getpid() {
			return true
		}
		next, known := all[p.parent]
		if !known { // it has ended, and p has another parent now, or it started after the list was read
			again, err := statOf(p.id)
			if err != nil || again.process != p.process || again.parent == 0 { // 0 is outside of the container
				return false
			}
			if next = again; again.parent == p.parent {
				next, _ = statOf(p.parent)
			}
		}
		p = next
	}
	return false
}

var errStat = errors.New("not in the form of /proc/PID/stat")

// statOf reads a process. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
func statOf(id int) (p stat, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	if err != nil {
		return p, err
	}
	begin, end := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')') // a name may have anything in it
	fields := strings.Fields(string(data[end+1:]))
	if begin < 0 || end < begin || len(fields) < 20 {
		return p, errStat
	}
	p = stat{process: process{id, fields[19]}, name: string(data[begin+1 : end]), state: fields[0]}
	p.parent, err = strconv.Atoi(fields[1])
	return p, err
}
