package app

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Hook is a script of the app that runs during the build, as on Heroku classic.
type Hook struct {
	Path    string
	Shebang bool   // without one it is run by bash
	Text    string // to look for what it uses, with that of the scripts in bin that it names; see limits.Script
	Finds   []Find // what it does that means something else here than on Heroku classic
	// CallsPip: pip, or python -m pip.
	CallsPip bool
	// SourcesUtils: it calls functions of Heroku's own buildpack (source $BIN_DIR/utils).
	SourcesUtils bool
}

// Has reports whether the hook does one of the things that mean something else here.
func (h *Hook) Has(kind string) bool {
	return slices.ContainsFunc(h.Finds, func(f Find) bool { return f.Kind == kind })
}

// Hooks are the app's hooks; nil: absent.
type Hooks struct{ PreCompile, PostCompile *Hook }

// Run reports whether the app has a hook. A hook may write any file.
func (h Hooks) Run() bool { return h.PreCompile != nil || h.PostCompile != nil }

// hooks reads the hooks, each of which may have either of two names.
func (r *reader) hooks() Hooks {
	return Hooks{
		PreCompile:  r.hook("bin/pre_compile", "bin/pre-compile"),
		PostCompile: r.hook("bin/post_compile", "bin/post-compile"),
	}
}

// hook returns the first file with one of the names. An entry that is not a file of the app, such as a pipe or a link
// that leads out, is a problem and does not run. A hook that is too large, or that only the kernel may read, runs and
// is not looked into.
func (r *reader) hook(names ...string) *Hook {
	for _, name := range names {
		if !r.exists(name) {
			if r.mayBeFile(name) {
				_, _ = r.text(name) // reports why
			}
			continue
		}
		f := r.read(name, limits.Script)
		hook := &Hook{Path: name, Shebang: f.script}
		if f.err != nil {
			hook.Shebang = r.startsWith(name, shebang)
		} else {
			hook.Text = f.text
			hook.Finds = finds(name, hook.Text)
			r.readNamed(hook)
			hook.CallsPip = callsPip.MatchString(pipOfUV.ReplaceAllString(hook.Text, ""))
			hook.SourcesUtils = sourcesUtils.MatchString(hook.Text)
		}
		return hook
	}
	return nil
}

// shebang matches the first line of a script that names its interpreter.
const shebang = "#!"

// startsWith reports whether a file, of any size, begins with prefix.
func (s *source) startsWith(name, prefix string) bool {
	file, err := s.fsys.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, len(prefix))
	_, err = io.ReadFull(file, head)
	return err == nil && string(head) == prefix
}

// pipOfUV is a command of uv's own, which needs no pip.
var pipOfUV = regexp.MustCompile(`\buv\s+pip\b`)

// callsPip matches in a line that is not a comment.
var callsPip = regexp.MustCompile(`(?m)^(?:[^#\n]*[\s;&|(])?(?:pip3?|python[\d.]*\s+-m\s+pip)(?:\s|$)`)

// sourcesUtils matches the use of Heroku's functions. They came and went, as
// https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md says.
var sourcesUtils = regexp.MustCompile(`\$\{?BIN_DIR\b`)

// namedScript matches the path of a script next to the hook. Hooks of classic are often only a list of those.
var namedScript = regexp.MustCompile(`(?:^|[\s;&|("'/])(bin/[\w.-]+)`)

// readNamed adds the scripts that the hook names, as far as limits allow.
func (r *reader) readNamed(h *Hook) {
	_ = r.list("bin") // a hook may name many scripts that do not exist
	seen, all, count := map[string]bool{h.Path: true}, h.Text, 0
	for _, m := range namedScript.FindAllStringSubmatch(h.Text, -1) {
		if seen[m[1]] || count == limits.Scripts {
			continue
		}
		seen[m[1]] = true
		if text, ok := r.quiet(m[1]); ok && len(all)+len(text) < limits.Script {
			count++
			all += "\n" + text
			h.Finds = append(h.Finds, finds(m[1], text)...)
		}
	}
	h.Text = all
}

// nodeCommand matches the name of a program of Node.js, or of node_modules, where it is a word of its own: no node in
// "nodes" or "my-node".
var nodeCommand = regexp.MustCompile(`(^|[^\w.-])(node_modules|` + strings.Join(nodePrograms, "|") + `)([^\w-]|$)`)

// NamesNode reports whether a command line or a script calls Node.js or one of its package managers.
func NamesNode(text string) bool { return nodeCommand.MatchString(text) }

// compiling matches what installs packages or compiles one.
var compiling = regexp.MustCompile(`\bnode-gyp\b|\b(` + strings.Join(manager.CommandsOfNode(), "|") +
	`)\b[^\n;&|]*\b(install|i|ci|add|rebuild)\b`)

// MayCompile reports whether a hook or a script of a package.json names a command that may compile a native module.
func (a App) MayCompile() bool {
	texts := a.Hooks.texts()
	for _, n := range a.Node {
		for _, script := range n.Scripts {
			texts = append(texts, script)
		}
	}
	return slices.ContainsFunc(texts, compiling.MatchString)
}

// MakesEnvironment reports whether a hook or a process may create a virtual environment by Python's own means, with the
// copy of pip that comes with Python.
func (a App) MakesEnvironment() bool {
	texts := a.Hooks.texts()
	for _, process := range a.Procfile {
		texts = append(texts, process.Command)
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		return slices.ContainsFunc([]string{"-m venv", "virtualenv", "ensurepip"}, func(name string) bool {
			return strings.Contains(text, name)
		})
	})
}

// NameNode reports whether one of the hooks does.
func (h Hooks) NameNode() bool { return slices.ContainsFunc(h.texts(), NamesNode) }

// texts returns the texts of the hooks that exist, each with the scripts that it names.
func (h Hooks) texts() (all []string) {
	for _, hook := range []*Hook{h.PreCompile, h.PostCompile} {
		if hook != nil {
			all = append(all, hook.Text)
		}
	}
	return all
}
