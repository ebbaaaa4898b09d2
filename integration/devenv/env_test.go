package devenv

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestCleanRemovesOnlyItsOwnFolder(t *testing.T) {
	e := &Env{Root: t.TempDir(), Home: tree(t, map[string]string{"thesis.txt": "x"})}
	if err := e.makeHome(); err != nil {
		t.Fatal(err)
	}
	if err := e.Clean(t.Context()); err == nil {
		t.Error("a folder with somebody's files was removed")
	}
	if _, err := os.Stat(filepath.Join(e.Home, "thesis.txt")); err != nil {
		t.Error(err)
	}
}

func TestKeptIsMadeOnceAndNeverByHalves(t *testing.T) {
	e := &Env{Home: t.TempDir()}
	broken := errors.New("broken")
	if _, err := e.Kept("a/b", func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(e.Home, "a/b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half of it is there: %v", err)
	}
	calls := 0
	for range 2 {
		dir, err := e.Kept("a/b", func(dir string) error {
			calls++
			return os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "file")); err != nil {
			t.Error(err)
		}
	}
	if calls != 1 {
		t.Errorf("made %d times, want once", calls)
	}
	left, err := os.ReadDir(filepath.Join(e.Home, "a"))
	if err != nil || len(left) != 1 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestKeptIsMadeOnceWhenTwoAskAtOnce(t *testing.T) {
	e := &Env{Home: t.TempDir()}
	var calls atomic.Int32
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			dir, err := e.Kept("a", func(dir string) error {
				calls.Add(1)
				time.Sleep(100 * time.Millisecond) // long enough for the other one to come
				return os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
			})
			if err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "file")); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if calls.Load() != 1 {
		t.Errorf("made %d times, want once", calls.Load())
	}
}

func TestKeptWhenAnotherProcessWasQuicker(t *testing.T) {
	e := &Env{Home: t.TempDir()}
	_, err := e.Kept("a", func(string) error {
		return os.MkdirAll(filepath.Join(e.Home, "a/theirs"), 0o755)
	})
	if err != nil {
		t.Error(err)
	}
}
