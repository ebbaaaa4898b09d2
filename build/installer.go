package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// newInstaller finds what installs the packages, before anything is installed.
func (b *builder) newInstaller(log *ui.Branch) (in installer, err error) {
	p := b.plan.Python
	in.manager, in.tool = p.Manager, p.Manager.Tool
	if in.uv, err = b.deps.Resolve(deps.Want{ID: "uv", Arch: b.common.Arch}); err != nil {
		return in, err
	}
	have := manager.ToolVersion(in.tool, p.Manager.Name)
	if in.tool == "" {
		have = in.uv.Version
	}
	if p.Sources.Version != "" && !manager.Satisfies(have, p.Sources.Version) {
		// Its own words: a team that pins its tool cannot build otherwise. It is as trustworthy as the packages it installs.
		in.tool = manager.ToolFor(p.Manager.Name, p.Sources.Version)
		log.Header("%s %s is asked for by the app; Tandem's is %s", p.Manager.Name, p.Sources.Version, have)
	}
	settings, err := b.pipSettings()
	if err != nil {
		return in, err
	}
	in.toolEnv = indexes(manager.PipToUV(settings, nil).Env)
	switch {
	case p.Manager.Name == manager.PipItself().Name:
		in.env = manager.PipEnv(settings)
	case p.Manager.Pip:
		in.pip = manager.PipToUV(settings, p.Sources.Options)
		in.env = in.pip.Env
	}
	for _, note := range in.pip.Notes {
		log.Header("%s", note)
	}
	return in, nil
}

// indexes are the variables among env that say where packages come from: a tool comes from there too.
func indexes(env run.Env) run.Env {
	return env.Without(func(name string) bool { return name == "UV_CONSTRAINT" || name == "UV_BUILD_CONSTRAINT" })
}

// pipSettings are pip's, of the build image's files and of the platform's variables, which win.
// https://pip.pypa.io/en/stable/topics/configuration/#location
func (b *builder) pipSettings() (map[string]manager.PipOption, error) {
	all := map[string]manager.PipOption{}
	own := b.env["PIP_CONFIG_FILE"]
	files := []string{"/etc/xdg/pip/pip.conf", "/etc/pip.conf"}
	if _, err := os.Stat(own); own == "" || err != nil {
		files = append(files, filepath.Join(b.home, ".pip", "pip.conf"), filepath.Join(b.home, ".config", "pip", "pip.conf"))
	}
	if own == os.DevNull {
		files = nil
	}
	for _, file := range append(files, own) {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) || file == "" || file == os.DevNull {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read pip's settings: %w", err)
		}
		found, err := manager.ReadPipConf(string(text), file)
		if err != nil {
			return nil, err
		}
		for name, o := range found {
			all[name] = o
		}
	}
	for name, o := range manager.PipVariables(b.env) {
		all[name] = o
	}
	return all, nil
}

// digest is one sum of all that the installer is and is told. No credentials: see settingsDigest.
func (b *builder) digest(in installer) (string, error) {
	lines := append([]string{in.tool, settingsDigest(in.env, "UV_", "PIP_")}, in.pip.Args...)
	for _, name := range []string{"UV_CONSTRAINT", "UV_BUILD_CONSTRAINT", "UV_OVERRIDE"} {
		for _, file := range strings.Fields(in.env.With(b.env)[name]) {
			if !filepath.IsAbs(file) {
				file = filepath.Join(b.root, file)
			}
			text, err := os.ReadFile(file)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			lines = append(lines, name, string(text))
		}
	}
	return digestOf(lines), nil
}
