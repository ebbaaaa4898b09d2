package build

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// withCredentials does fn in an environment in which a language's package managers find what lets them into registries. The files
// are there only meanwhile, in a folder that is neither the app's nor a layer's; what the tools have written beside them goes too.
func (b *builder) withCredentials(language binding.Language, env run.Env, fn func(run.Env) error) (err error) {
	access, ok := b.credentials[language]
	if !ok {
		return fn(env)
	}
	home := filepath.Join(b.private, "credentials-"+string(language))
	defer func() { err = errors.Join(err, removeTree(home)) }()
	vars, err := access.Write(home)
	if err != nil {
		return err
	}
	return fn(env.With(vars))
}

// sayCredentials names the bindings that the installation of a language gets.
func sayCredentials(log *ui.Branch, access binding.Access) {
	if len(access.Types) > 0 {
		log.Header("The installation gets the bindings of type %s", strings.Join(access.Types, ", "))
	}
}

// warnOfCredentials warns that all commands can read all bindings: one user runs them, and nothing confines them.
func (b *builder) warnOfCredentials() {
	types := map[string]bool{}
	for _, access := range b.credentials {
		for _, name := range access.Types {
			types[name] = true
		}
	}
	if len(types) > 0 {
		b.main.Warn("Every script of this build can read the bindings %s: "+
			"this version does not confine commands. See docs/security.md", strings.Join(slices.Sorted(maps.Keys(types)), ", "))
	}
}

// withBlanks sets the variables that only an installation gets, and that a settings file of the app asks for, to nothing: Yarn ends
// with an error where such a one is not set at all, also when it only runs a script.
func (b *builder) withBlanks(env run.Env) run.Env {
	if b.plan.Node == nil {
		return env
	}
	blanks := map[string]string{}
	for _, project := range b.plan.Node.Projects {
		for _, file := range project.Files {
			for _, v := range file.Variables {
				if _, private := b.credentials[binding.Node].Vars[v.Name]; private {
					blanks[v.Name] = ""
				}
			}
		}
	}
	return env.WithDefaults(blanks)
}
