package diagnose

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

const refused = "Traceback (most recent call last):\n  File \"/x/django/db.py\", line 1, in connect\n" +
	"django.db.utils.OperationalError: no such host\n"

// What decides beside the output: how a command ended, what the app has, and what wraps an explanation.
func TestExplain(t *testing.T) {
	npm, pnpm := manager.Node(manager.NPM).Data(), manager.Node(manager.PNPM).Data()
	hook := Step{Kind: "hook", Sets: []string{"hook", "machine"}, Title: "bin/post_compile"}
	script := Step{Kind: "script", Sets: []string{"script", "machine"}, Title: "npm run build", Try: "npm ci",
		Dir: "front", Words: Words{"add": "cd front && npm install --save-dev"}}
	install := Step{Kind: "node-install", Sets: []string{"npm", "machine"}, Command: "npm ci", Dir: "front",
		Words: NodeWords(npm)}
	private := &app.Node{Dir: "front", Remote: map[string]string{"x": "git+https://me:geheim@git.example.com/o/x.git"}}
	blocked := &app.Node{Dir: "front", DevDependencies: []string{"made"},
		Lock: app.Lock{Programs: map[string][]string{"made": {"maker"}}}}
	migrates := Facts{Migration: &app.Find{File: "bin/post_compile", Line: 3, Text: "python manage.py migrate"}}
	withProcess := migrates
	withProcess.Migrates = true
	free := Facts{Free: func() string { return "/layers: 0 MB free" }}
	for name, c := range map[string]struct {
		step  Step
		exit  Exit
		facts Facts
		id    string
		has   []string
	}{
		"nothing is known": {script, Exit{Code: 3}, Facts{}, "step/script",
			[]string{"npm run build", "exit code 3", "    npm ci\n"}},
		"in a directory": {install, Exit{Code: 1, Tail: "are in sync"}, Facts{}, "node/lock-out-of-sync",
			[]string{"    cd front && npm install --package-lock-only\n"}},
		"the step's own, in a directory": {install, Exit{Code: 1}, Facts{}, "node/install",
			[]string{"    cd front && npm ci\n"}},
		"an install script that npm has not run": {script,
			Exit{Code: 1, Tail: "Error: Could not load the \"sharp\" module using the linux-x64 runtime"},
			Facts{Blocked: []string{"esbuild", "sharp"}}, "step/install-script-blocked",
			[]string{"the install script of sharp", "    cd front && npm install-scripts approve esbuild sharp\n"}},
		"another package than the blocked one": {script,
			Exit{Code: 1, Tail: "Error: Cannot find module '../lib/x'"}, Facts{Blocked: []string{"sharp"}},
			"step/script", nil},
		"killed": {script, Exit{Signal: syscall.SIGKILL}, Facts{}, "build/out-of-memory",
			[]string{"npm run build"}},
		"killed below a shell": {install, Exit{Code: 137}, Facts{}, "build/out-of-memory",
			[]string{"could not be installed"}},
		"killed by another signal": {install, Exit{Signal: syscall.SIGTERM, Code: -1}, Facts{}, "node/install",
			nil},
		"heap": {script, Exit{Code: 134, Tail: "JavaScript heap out of memory"}, Facts{}, "build/out-of-memory",
			[]string{`value = "--max-old-space-size=4096"`}},
		"a killed hook": {hook, Exit{Code: 137}, Facts{}, "build/out-of-memory",
			[]string{"bin/post_compile", "It ran out of memory", "resources.limits.memory"}},
		"a hook with a full heap": {hook, Exit{Code: 134, Tail: "JavaScript heap out of memory"}, Facts{},
			"build/out-of-memory", []string{"NODE_OPTIONS"}},
		"a crash": {script, Exit{Signal: syscall.SIGSEGV, Code: -1, Tail: "linking\n"}, Facts{}, "build/crashed",
			[]string{"npm run build", "A program crashed (segmentation fault). The last lines:\nlinking\n"}},
		"a crash below a shell": {install, Exit{Code: 132}, Facts{}, "build/crashed", []string{"illegal instruction"}},
		"a crash under emulation": {hook, Exit{Code: 135, CPU: "arm64"}, Facts{}, "build/emulation",
			[]string{"the CPU is arm64", "    pack build … --platform linux/arm64\n"}},
		"emulation without a crash": {hook, Exit{Code: 4, CPU: "arm64"}, Facts{}, "step/hook", nil},
		"a runtime without a library": {script, Exit{Code: 127, Tail: "node: error while loading shared libraries: " +
			"libatomic.so.1: cannot open shared object file: No such file or directory\n"}, Facts{},
			"runtime/cannot-start", []string{"node cannot start in the build image", "libatomic.so.1", "--builder "}},
		"a runtime for another libc": {install, Exit{Code: 127,
			Tail: "Error loading shared library libstdc++.so.6: No such file or directory (needed by " +
				"/layers/x/node/bin/node)\n"},
			Facts{}, "runtime/cannot-start", []string{"node cannot start"}},
		"a program of the app without a library": {script, Exit{Code: 127,
			Tail: "wkhtmltopdf: error while loading shared libraries: libX11.so.6: cannot open shared object file\n"},
			Facts{},
			"step/script", nil},
		"a runtime that does not start": {Step{Kind: "python-install", Sets: []string{"machine"}},
			Exit{Code: 126, Program: "uv", Tail: "cannot execute binary file\n"}, Facts{}, "runtime/cannot-start",
			[]string{"uv cannot start", "exit code 126. Its last lines:\ncannot execute binary file"}},
		"a runtime that is not there": {Step{Kind: "python-install", Sets: []string{"machine"}},
			Exit{Code: 127, Program: "uv", Tail: "not found\n"}, Facts{}, "runtime/cannot-start", nil},
		"a runtime that fails": {install, Exit{Code: 1, Program: "node", Tail: "no\n"}, Facts{},
			"node/install", nil},
		"a script with the code of a program": {script, Exit{Code: 127, Program: "node"}, Facts{}, "step/script", nil},
		"a killed command of Django's": {Step{Kind: "collectstatic", Sets: []string{"django"}}, Exit{Code: 137},
			Facts{},
			"django/memory", []string{"Django's collectstatic failed", "It was killed"}},
		"too much output": {install, Exit{Err: errors.New("it printed more than 4 KB"), Excess: true}, Facts{},
			"node/install",
			[]string{"it printed more than 4 KB.", "cd front && npm ci"}},
		"an address": {install, Exit{Code: 1, Tail: "npm error code E404\nfatal: https://git.example.com/o/x.git"},
			Facts{Project: private, Manager: npm}, "node/address",
			[]string{"x is requested as git+https://git.example.com/o/x.git\n"}},
		"an address, if there is another reason": {install,
			Exit{Code: 1, Tail: "npm error code EINTEGRITY\nhttps://git.example.com/o/x.git"},
			Facts{Project: private, Manager: npm},
			"node/integrity", nil},
		"a hook that migrates": {hook, Exit{Code: 1, Tail: refused}, migrates, "step/hook-database",
			[]string{"no such host", "Remove line 3 from bin/post_compile:\n    python manage.py migrate\n",
				"    migrate: python"}},
		"a hook that migrates, with a process": {hook, Exit{Code: 1, Tail: refused}, withProcess, "step/hook-database",
			[]string{"with the process type migrate:\n    docker run"}},
		"a hook that reads from a database": {hook, Exit{Code: 1, Tail: refused}, Facts{}, "step/hook",
			[]string{"exit code 1. A command in it failed: An import uses a database",
				"functools.cache"}},
		"a hook without a mistake of Django's": {hook, Exit{Code: 4}, migrates, "step/hook",
			[]string{"exit code 4", "set -x"}},
		"a hook with an exception": {hook, Exit{Code: 1, Tail: strings.Replace(refused, "Operational", "Odd", 1)},
			Facts{},
			"step/hook", []string{"OddError: no such host"}},
		"a hook that may not run": {hook, Exit{Err: fmt.Errorf("x: %w", fs.ErrPermission)}, Facts{},
			"step/hook-permissions", nil},
		"a hook for another shell": {hook, Exit{Err: fmt.Errorf("x: %w", syscall.ENOENT)}, Facts{},
			"step/hook-interpreter",
			[]string{"#!/usr/bin/env bash"}},
		"a hook that ran and says that it may not": {hook, Exit{Code: 1, Err: fs.ErrPermission}, Facts{}, "step/hook",
			nil},
		"bunx": {script, Exit{Code: 127, Tail: "sh: 1: bunx: not found"}, Facts{Project: private, Manager: pnpm},
			"step/command-not-found", []string{"(pnpm run), or let bun install"}},
		"a program whose install script was not run": {script, Exit{Code: 127, Tail: "sh: 1: maker: not found"},
			Facts{Project: blocked, Packages: []*app.Node{blocked}, Installed: []string{"front"}, Manager: npm,
				Blocked: []string{"made"}},
			"step/command-not-found",
			[]string{"made is in devDependencies of front/package.json, and npm has not run its",
				"    cd front && npm install-scripts approve made\n"}},
		"a script that does not start": {script, Exit{Err: fs.ErrNotExist}, Facts{}, "", nil},
		"another manager": {script, Exit{Code: 127, Tail: "sh: 1: pnpm: not found"},
			Facts{Project: private, Manager: npm},
			"step/command-not-found", []string{"npm installs the packages of front/package.json",
				"Call npm in the script (npm run), or let pnpm install the packages",
				"    cd front && pnpm install --lockfile-only\n"}},
		"bun": {script, Exit{Code: 127, Tail: "sh: 1: bun: not found"}, Facts{Project: private, Manager: pnpm},
			"step/command-not-found",
			[]string{"(pnpm run), or let bun install", "    cd front && bun install --lockfile-only\n"}},
		"a full disk": {script, Exit{Code: 1, Tail: "npm error nospc ENOSPC: no space left on device, write\nmore"},
			free,
			"build/disk-full", []string{"The script of package.json failed: npm run build:\nnpm error nospc",
				"/layers: 0 MB free"}},
		"too many watched files": {script, Exit{Code: 1,
			Tail: "ENOSPC: System limit for number of file watchers reached"}, free,
			"step/script", nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := Explain(c.step, c.exit, c.facts).Error()
			if err == nil {
				err = &fail.Error{}
			}
			if err.ID != c.id {
				t.Fatalf("got %q:\n%v", err.ID, err)
			}
			for _, has := range c.has {
				if !strings.Contains(err.Error(), has) {
					t.Errorf("%q is not in\n%v", has, err)
				}
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("a password is in\n%v", err)
			}
		})
	}
}

// Each way in which no step of a build can mend the settings ends it.
func TestFinal(t *testing.T) {
	step := Step{Sets: []string{"django", "machine"}}
	for output, want := range map[string]bool{
		"ModuleNotFoundError: No module named 'environ'":                              true,
		"ModuleNotFoundError: No module named 'cgi'":                                  true,
		"SyntaxError: invalid syntax":                                                 true,
		"KeyError: 'A'":                                                               false,
		"FileNotFoundError: [Errno 2] No such file or directory: 'stats.json'":        false,
		"django.core.exceptions.ImproperlyConfigured: Set the A environment variable": true,
		"OperationalError: no such table":                                             false,
	} {
		tail := "Traceback (most recent call last):\n  File \"/workspace/s.py\", line 3, in <module>\n    x\n" + output
		x := Explain(step, Exit{Code: 1, Tail: tail}, Facts{Root: "/workspace"})
		if x.Final != want {
			t.Errorf("%s: %v", output, x)
		}
	}
}

func TestErrorsOfTheMachineAreExplainedOnce(t *testing.T) {
	full := fmt.Errorf("write: %w", syscall.ENOSPC)
	facts := Facts{Free: func() string { return "free" }}
	once := ExplainError(&fail.Error{ID: "a/b", What: "It", Err: full}, Exit{Err: full}, facts)
	user, ok := fail.User(once)
	if !ok || user.ID != "build/disk-full" || !strings.HasPrefix(user.Why, "It:\nwrite: no space") ||
		!errors.Is(once, syscall.ENOSPC) {
		t.Errorf("got %v", once)
	}
	if again := ExplainError(once, Exit{Err: full}, facts); again != once {
		t.Errorf("got %v", again)
	}
	other := errors.New("x")
	if got := ExplainError(other, Exit{Err: other}, facts); got != other {
		t.Errorf("got %v", got)
	}
}

func TestBuildScriptsThatRanAreNamed(t *testing.T) {
	tail := "Traceback (most recent call last):\n" +
		"  File \"/x/django/contrib/staticfiles/management/commands/collectstatic.py\", line 1, in collect\n" +
		"  File \"/x/django/core/files/storage.py\", line 2, in listdir\n" +
		"FileNotFoundError: [Errno 2] No such file or directory: '/workspace/static'\n"
	for want, ran := range map[string][]string{
		"Before this, the build has run npm run a, npm run b.": {"npm run a", "npm run b"},
		"No build script of a package.json has run.":           nil,
	} {
		x := Explain(Step{Sets: []string{"django"}}, Exit{Code: 1, Tail: tail}, Facts{Root: "/workspace", Ran: ran})
		if x.ID != "django/static-folder" || !strings.HasSuffix(x.Why, want) {
			t.Errorf("%v: got %v", ran, x)
		}
	}
}
