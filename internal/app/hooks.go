package app

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// Hook is a script of the app that runs during the build, as on Heroku classic.
type Hook struct {
	Path    string
	Shebang bool   // without one it is run by bash
	Text    string // at most maxHook bytes, to look for what it uses, and of the scripts in bin that it names
	Finds   []Find // what it does that means something else here than on Heroku classic
	// CallsPip: pip, or python -m pip.
	CallsPip bool
	// SourcesUtils: it calls functions of Heroku's own buildpack (source $BIN_DIR/utils).
	SourcesUtils bool
}

// Has tells whether the hook does one of the things that mean something else here.
func (h *Hook) Has(kind string) bool {
	return slices.ContainsFunc(h.Finds, func(f Find) bool { return f.Kind == kind })
}

// Hooks are the app's hooks; nil: absent.
type Hooks struct{ PreCompile, PostCompile *Hook }

const maxHook = 1 << 20

// ReadHooks finds the hooks. It is a function of its own because bin/pre_compile runs before the other facts are read.
func ReadHooks(fsys fs.FS) Hooks {
	return Hooks{
		PreCompile:  readHook(fsys, "bin/pre_compile", "bin/pre-compile"),
		PostCompile: readHook(fsys, "bin/post_compile", "bin/post-compile"),
	}
}

func readHook(fsys fs.FS, names ...string) *Hook {
	for _, name := range names {
		info, err := fs.Stat(fsys, name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		hook := &Hook{Path: name}
		if info.Size() <= maxHook {
			text, err := fs.ReadFile(fsys, name)
			hook.Text = string(text)
			hook.Shebang = err == nil && strings.HasPrefix(hook.Text, "#!")
			hook.Finds = finds(name, hook.Text)
			hook.readNamed(fsys)
			hook.CallsPip = callsPip.MatchString(pipOfUV.ReplaceAllString(hook.Text, ""))
			hook.SourcesUtils = sourcesUtils.MatchString(hook.Text)
		}
		return hook
	}
	return nil
}

// pipOfUV is a command of uv's own, which needs no pip.
var pipOfUV = regexp.MustCompile(`\buv\s+pip\b`)

// callsPip matches in a line that is no comment.
var callsPip = regexp.MustCompile(`(?m)^(?:[^#\n]*[\s;&|(])?(?:pip3?|python[\d.]*\s+-m\s+pip)(?:\s|$)`)

// https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md names the functions where they came and went.
var sourcesUtils = regexp.MustCompile(`\$\{?BIN_DIR\b`)

// namedScript matches the path of a script beside the hook. Hooks of classic are often only a list of those.
var namedScript = regexp.MustCompile(`(?:^|[\s;&|("'/])(bin/[\w.-]+)`)

func (h *Hook) readNamed(fsys fs.FS) {
	r := &reader{fsys: fsys}
	var seen []string
	for _, m := range namedScript.FindAllStringSubmatch(h.Text, -1) {
		if slices.Contains(seen, m[1]) || m[1] == h.Path {
			continue
		}
		seen = append(seen, m[1])
		if text, ok := r.quiet(m[1]); ok {
			h.Text += "\n" + text
			h.Finds = append(h.Finds, finds(m[1], text)...)
		}
	}
}

var nodeCommand = regexp.MustCompile(`(^|[^\w.-])(node_modules|` + strings.Join(nodePrograms, "|") + `)([^\w-]|$)`)

// NamesNode tells whether a command line or a script calls Node or a package manager of it.
func NamesNode(text string) bool { return nodeCommand.MatchString(text) }

// compiling matches what installs packages or compiles one.
var compiling = regexp.MustCompile(`\bnode-gyp\b|\b(` + strings.Join(manager.CommandsOfNode(), "|") + `)\b[^\n;&|]*\b(install|i|ci|add|rebuild)\b`)

// MayCompile tells whether a hook or a script of a package.json names a command that may compile a native module.
func (a App) MayCompile() bool {
	texts := a.Hooks.texts()
	for _, n := range a.Node {
		for _, script := range n.Scripts {
			texts = append(texts, script)
		}
	}
	return slices.ContainsFunc(texts, compiling.MatchString)
}

// NameNode tells whether one of the hooks does.
func (h Hooks) NameNode() bool { return slices.ContainsFunc(h.texts(), NamesNode) }

func (h Hooks) texts() (all []string) {
	for _, hook := range []*Hook{h.PreCompile, h.PostCompile} {
		if hook != nil {
			all = append(all, hook.Text)
		}
	}
	return all
}
