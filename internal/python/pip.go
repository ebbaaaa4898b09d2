package python

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// PipSettings are pip's settings, as they were after bin/pre_compile. Its maps have the long name of the option as
// pip's documentation writes it, without the two hyphens. It is never written after ReadPip.
type PipSettings struct {
	All map[string]manager.PipOption

	public map[string]manager.PipOption // without those of a binding, for the layer's key
	bound  bool                         // a binding has a pip.conf
	err    error                        // the user's, about one of the files
}

// ReadPip reads pip's settings. Variables win over the binding, and the binding over files. env has the variables of
// the tools, home is the platform's HOME. What is wrong with a file is an error of Declare, after the plan's own.
func ReadPip(access binding.Access, env run.Env, home string) (read PipSettings) {
	private, err := pipBinding(access)
	public, publicErr := pipSettings(env, home)
	if publicErr != nil || err != nil {
		return PipSettings{err: cmp.Or(publicErr, err)}
	}
	read = PipSettings{public: public, All: maps.Clone(public), bound: private != nil}
	for name, o := range private {
		if old, set := public[name]; !set || !strings.HasPrefix(old.Source, "PIP_") {
			read.All[name] = o
		}
	}
	return read
}

// pipBinding returns the settings of the binding's pip.conf. A layer's key does not contain them: a URL may have a
// token anywhere.
func pipBinding(access binding.Access) (map[string]manager.PipOption, error) {
	text, ok := access.File("pip.conf")
	if !ok {
		return nil, nil
	}
	found, err := manager.ReadPipConf(text, "the pip binding")
	if err != nil {
		return nil, &fail.Error{
			ID: "python/pip-conf", What: "pip.conf of the pip binding cannot be understood", Err: err,
			Why: "It is not in the form of pip's settings.", // err may repeat a line
			Fix: fail.Fix{
				fail.Say{Text: "Correct it. It has sections and settings, such as"},
				fail.Edit{Lines: []string{"[global]", "index-url = https://packages.example.com/simple"}},
			},
		}
	}
	return found, nil
}

// pipSettings returns pip's settings of the build image's files and of the platform's variables, which win.
func pipSettings(env run.Env, home string) (map[string]manager.PipOption, error) {
	all := map[string]manager.PipOption{}
	for _, file := range pipFiles(env["PIP_CONFIG_FILE"], home) {
		if _, err := os.Stat(file); err != nil {
			continue // pip ignores unreadable files too, such as those in the HOME of another user
		}
		text, err := os.ReadFile(file)
		found, parseErr := manager.ReadPipConf(string(text), file)
		if err := errors.Join(err, parseErr); err != nil {
			return nil, &fail.Error{
				ID: "python/pip-conf", What: show.Name(file) + " cannot be understood", Why: show.Reason(err), Err: err,
				Fix: fail.Fix{
					fail.Say{Text: "Correct the file in the build image, or build without it:"},
					fail.Set{Name: "PIP_CONFIG_FILE", Value: "/dev/null"},
				},
			}
		}
		maps.Copy(all, found)
	}
	maps.Copy(all, manager.PipVariables(env.Without(manager.Misleads))) // the variables are not split yet
	return all, nil
}

// pipFiles returns the places of pip.conf, the strongest last. own is the value of PIP_CONFIG_FILE. os.DevNull switches
// all files off; a file that exists replaces those below home.
// https://pip.pypa.io/en/stable/topics/configuration/#location
func pipFiles(own, home string) []string {
	if own == os.DevNull {
		return nil
	}
	files := []string{"/etc/xdg/pip/pip.conf", "/etc/pip.conf"}
	_, err := os.Stat(own)
	switch {
	case own != "" && err == nil:
		files = append(files, own)
	case home != "":
		files = append(files, filepath.Join(home, ".pip/pip.conf"), filepath.Join(home, ".config/pip/pip.conf"))
	}
	return files
}
