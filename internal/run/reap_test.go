package run

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// processOf waits for the process ID that a command writes into a file of the shell's directory.
func processOf(t *testing.T, sh Shell, file string) (pid int) {
	t.Helper()
	path := filepath.Join(sh.Dir, file)
	waitFor(t, path)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(data), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func alive(pid int) bool {
	state := processState(pid)
	return state != "" && state != "Z"
}

// What a command leaves running ends, however it hides.
func TestReapEndsWhatACommandLeaves(t *testing.T) {
	const quiet = " >/dev/null 2>&1 </dev/null &"
	const hop = "echo 'echo $$ >pid; setsid sh ./hop & exit' >hop; "
	for name, script := range map[string]string{
		"in the background":    "sleep 300" + quiet + " echo $! >pid",
		"a session of its own": "setsid sh -c 'echo $$ >pid; sleep 300; true'" + quiet,
		"two forks": "(setsid sh -c '(sh -c \"echo \\$\\$ >pid; sleep 300; true\"" + quiet + ")'" +
			quiet + ")",
		"ignores SIGTERM":         "sh -c 'trap \"\" TERM HUP INT; echo $$ >pid; while sleep 0.1; do :; done'" + quiet,
		"an empty environment":    "setsid env -i /bin/sh -c 'echo $$ >pid; /bin/sleep 300; true'" + quiet,
		"starts new processes":    "setsid sh -c 'echo $$ >pid; while :; do sleep 0.001 & done'" + quiet,
		"from process to process": hop + "setsid sh ./hop" + quiet,
		"it is stopped":           "sh -c 'echo $$ >pid; kill -STOP $$; true'" + quiet,
		"a name that is no name": "cp \"$(command -v sleep)\" './a) Z 1 (b'; './a) Z 1 (b' 300" + quiet +
			" echo $! >pid",
	} {
		t.Run(name, func(t *testing.T) {
			sh, _ := shell(t)
			reaper := NewReaper()
			if err := sh.Run(t.Context(), "sh", "-c", script); err != nil {
				t.Fatal(err)
			}
			pid := processOf(t, sh, "pid")
			ended, err := reaper.Reap()
			if err != nil || len(ended) == 0 {
				t.Errorf("ended %v, %v", ended, err)
			}
			if alive(pid) {
				t.Errorf("process %d is alive", pid)
			}
			if again, err := reaper.Reap(); err != nil || len(again) > 0 {
				t.Errorf("something was left: %v, %v", again, err)
			}
		})
	}
}

// What is about to end by itself is not killed, and nobody is told of it.
func TestReapWaitsForWhatIsEnding(t *testing.T) {
	sh, _ := shell(t)
	reaper := NewReaper()
	if err := sh.Run(t.Context(), "sh", "-c",
		"(sleep 0.02; echo done >file) >/dev/null 2>&1 </dev/null &"); err != nil {
		t.Fatal(err)
	}
	ended, err := reaper.Reap()
	if err != nil || len(ended) > 0 {
		t.Errorf("ended %v, %v", ended, err)
	}
	if _, err := os.Stat(filepath.Join(sh.Dir, "file")); err != nil {
		t.Error(err)
	}
}

// Processes that were there before run on.
func TestReapLeavesOthersAlone(t *testing.T) {
	sh, _ := shell(t)
	const early = "setsid sh -c 'echo $$ >before; sleep 300; true' >/dev/null 2>&1 </dev/null &"
	if err := sh.Run(t.Context(), "sh", "-c", early); err != nil {
		t.Fatal(err)
	}
	before := processOf(t, sh, "before")
	cleaner := &Reaper{before: map[process]bool{}} // of what this test has left
	defer func() {
		if ended, err := cleaner.Reap(); err != nil || !slices.Contains(ended, "sleep") {
			t.Errorf("ended %v, %v", ended, err)
		}
	}()

	reaper := NewReaper()
	if err := sh.Run(t.Context(), "sh", "-c", "sleep 300 >/dev/null 2>&1 </dev/null & echo $! >left"); err != nil {
		t.Fatal(err)
	}
	left := processOf(t, sh, "left")
	ended, err := reaper.Reap()
	if err != nil || strings.Join(ended, " ") != "sleep" {
		t.Errorf("ended %v, %v", ended, err)
	}
	if alive(left) || !alive(before) {
		t.Errorf("alive: what is left %v, what was before %v", alive(left), alive(before))
	}
}

// The price of a step that leaves nothing running.
func TestReapIsQuickWhereNothingIsLeft(t *testing.T) {
	reaper, begin := NewReaper(), time.Now()
	for range 10 {
		if ended, err := reaper.Reap(); err != nil || len(ended) > 0 {
			t.Errorf("ended %v, %v", ended, err)
		}
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("ten times took %s", took)
	} else {
		t.Log(took / 10)
	}
}
