package build

import (
	"crypto/rand"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// withBuildEnv is env with what only the app's own steps may see: the variables of bindings, and a random SECRET_KEY where the user
// has set none: build scripts, collectstatic and hooks import the settings, and no request is ever signed with it. 64 characters,
// because some apps ask for 50.
func (b *builder) withBuildEnv(env run.Env) run.Env {
	env = env.With(b.buildEnv)
	if !b.config.SecretKeyPlaceholder {
		return env
	}
	key := rand.Text() + rand.Text() + rand.Text()
	placeholders := map[string]string{}
	for _, name := range append([]string{"SECRET_KEY"}, b.secretNames...) {
		placeholders[name] = key[:64]
	}
	return env.WithDefaults(placeholders)
}

// has tells whether the app's own steps have a variable.
func (b *builder) has(name string) bool {
	_, set := b.withBuildEnv(b.forApp(b.env))[name]
	return set
}

// takeKeyNames lets the app's own steps have a placeholder under these names too.
func (b *builder) takeKeyNames(names []string, log *ui.Branch) {
	b.secretNames = append(b.secretNames, names...)
	log.Header("%s: not set, so the app's own steps get a random one as a placeholder. It is in no image. %s=false leaves it out",
		strings.Join(names, ", "), config.SecretKeyPlaceholder)
}

// sayBuildEnv names the variables of bindings. Their values are nobody's to read.
func (b *builder) sayBuildEnv() {
	if len(b.buildEnv) > 0 {
		b.main.Header("For the app's own steps only, from a binding: %s", strings.Join(run.Env(b.buildEnv).Names(), ", "))
	}
}
