package app

import (
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// GunicornConfig has the settings of a configuration file of gunicorn that say what it imports.
type GunicornConfig struct {
	App  string // wsgi_app
	Dir  string // chdir
	Path string // pythonpath
}

// gunicornConfig reads the configuration file that gunicorn uses in a command of a Procfile in dir: the one of the
// option, or the one with the usual name. https://docs.gunicorn.org/en/stable/settings.html#config
func (r *reader) gunicornConfig(dir, command string) (conf GunicornConfig) {
	file := ""
	command, _ = WithoutRunners(command, Scripts{})
	for _, call := range shell.Calls(command) {
		words := programOf(call.Words)
		if path.Base(words[0].Text) != "gunicorn" {
			continue
		}
		named := argumentsOf(words[1:], strings.Fields(serverFlags()["gunicorn"])).option("-c", "--config")
		if file = strings.TrimPrefix(named.Text, "file:"); file == "" {
			file = "gunicorn.conf.py"
		}
	}
	if file = inApp(dir, file); file == "" || !r.mayBeFile(file) {
		return conf
	}
	text, _ := r.quiet(file)
	statements, _ := pysource.Read(text)
	for _, s := range statements {
		a := s.Assignment()
		value, ok := a.Value.Literal()
		if !ok || !s.Always() || a.Adds {
			continue
		}
		for _, name := range a.Names {
			switch name {
			case "wsgi_app":
				conf.App = value
			case "chdir":
				conf.Dir = value
			case "pythonpath":
				conf.Path = value
			}
		}
	}
	return conf
}

// inApp returns the path of a file that a command in dir names, also below /app, where Heroku has the app. It is empty
// for any other place.
func inApp(dir, name string) string {
	if below, ok := strings.CutPrefix(name, heroku+"/"); ok {
		dir, name = ".", below
	}
	p, err := In(dir, name)
	if err != nil {
		return ""
	}
	return string(p)
}
