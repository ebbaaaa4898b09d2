package environ

import "github.com/tandem-cnb/tandem/internal/run"

// Env is the environment of one command. Two of them can be compared: a placeholder's value is no part of Vars.
type Env struct {
	Vars         run.Env
	Placeholders []string // names that get a random value if Vars does not have them

	value string
}

// Filled returns the variables with which the command is started. Build scripts, collectstatic and hooks import the
// settings, which must find a SECRET_KEY; no request is ever signed with the placeholder.
func (e Env) Filled() run.Env {
	placeholders := map[string]string{}
	for _, name := range e.Placeholders {
		placeholders[name] = e.value
	}
	return e.Vars.WithDefaults(placeholders)
}
