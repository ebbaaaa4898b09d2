package app

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// BuildStep is a command of a process that belongs into a build.
type BuildStep struct {
	Name     string // "collectstatic", "npm run build"
	Installs bool   // it installs packages, with a program that the image does not have
}

// BuildSteps returns the commands of a process that belong into a build, and the command line without them. It is the
// same line if nothing would be left, or if not all of them are a whole part of a chain of "&&" or ";". scripts are the
// scripts of package.json that the build runs.
func BuildSteps(command string, scripts []string) (found []BuildStep, changed string) {
	from, last := 0, 0 // the end of what is kept, and of the last command
	calls := shell.Calls(command)
	whole := true
	for i, call := range calls {
		step, ok := buildStep(programOf(call.Words), scripts)
		begin, end := call.Words[0].From, call.Words[len(call.Words)-1].To
		if !ok {
			last = max(last, end)
			continue
		}
		found = append(found, step)
		isFirst := strings.Trim(command[last:max(begin, last)], " \t;&") == ""
		if i+1 == len(calls) || begin < last || !isFirst || !isChained(command, end, calls[i+1].Words[0].From) {
			whole = false
			continue
		}
		changed += command[from:begin]
		from, last = calls[i+1].Words[0].From, end
	}
	if changed += command[from:]; !whole {
		return found, command
	}
	return found, changed
}

// isChained reports whether only "&&" or ";" is between two commands. After "||" or in a pipe the first command decides
// about the second, or gives it its input, so that a line without the first is another line.
func isChained(command string, end, next int) bool {
	return next > end && slices.Contains([]string{"&&", ";"}, strings.TrimSpace(command[end:next]))
}

// buildStep returns what a command does that belongs into a build. It creates files of the image, which a container
// would create at each start, or it installs packages, which the image has. ok is false for other commands. "npm start"
// and scripts that the build does not run are other commands.
func buildStep(words []shell.Word, scripts []string) (step BuildStep, ok bool) {
	texts := shell.Call{Words: words}.Texts()
	program := path.Base(texts[0])
	if isPython(program) && len(texts) > 1 {
		texts = texts[1:]
		program = path.Base(texts[0])
	}
	arguments := slices.DeleteFunc(slices.Clone(texts[1:]), func(w string) bool { return strings.HasPrefix(w, "-") })
	first := ""
	if len(arguments) > 0 {
		first = arguments[0]
	}
	switch {
	case program == "manage.py" || program == "django-admin":
		return BuildStep{Name: first}, slices.Contains([]string{"collectstatic", "compilemessages", "compress"}, first)
	case slices.Contains(pythonInstallers(), program):
		installs := slices.Contains([]string{"install", "sync"}, first) || program == "uv" && first == "pip"
		return BuildStep{program + " " + first, true}, installs
	case slices.Contains(manager.CommandsOfNode(), program) && program != "npx":
		name := strings.Join(append([]string{program}, arguments...), " ")
		installs := slices.Contains([]string{"ci", "install", "i"}, first) && len(arguments) == 1
		script := strings.TrimPrefix(strings.Join(arguments, " "), "run ")
		return BuildStep{Name: name}, installs || slices.Contains(scripts, script)
	}
	return step, false
}

// pythonInstallers returns programs that install Python packages. None of them is in an image.
func pythonInstallers() []string { return []string{"pip", "pip3", "uv", "poetry", "pipenv", "pdm"} }

// CountsCPUs reports whether a command starts a worker of Celery that has as many processes as the machine has CPUs.
// https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency
func CountsCPUs(command string) bool {
	return slices.ContainsFunc(shell.Calls(command), func(call shell.Call) bool {
		words := programOf(call.Words)
		a := argumentsOf(words[1:], nil)
		texts := shell.Call{Words: words}.Texts()
		pool := a.option("-P", "--pool").Text
		return path.Base(texts[0]) == "celery" && slices.Contains(texts, "worker") && pool != "solo" &&
			a.option("-c", "--concurrency", "--autoscale") == shell.Word{Static: true}
	})
}

// missingPrograms returns the programs that a command of a Procfile in dir calls by a path in the app, where the app
// has no file. A line that changes its directory has none: where a relative path begins is not certain then. Programs
// of packages have none either: these are installed later.
func (r *reader) missingPrograms(dir, command string) (names []string) {
	for _, call := range shell.Calls(command) {
		word := call.Words[0]
		if word.Text == "cd" {
			return nil
		}
		file := inApp(dir, word.Text)
		relative := strings.Contains(word.Text, "/") && !path.IsAbs(word.Text)
		if !word.Static || !relative || file == "" || r.exists(file) ||
			strings.Contains(word.Text, "node_modules/") || slices.Contains(programDirs(), path.Dir(file)) {
			continue
		}
		if !slices.Contains(names, word.Text) {
			names = append(names, word.Text)
		}
	}
	return names
}

// PostDeploy is a command that only Heroku and Scalingo run, after a deployment.
type PostDeploy struct {
	Source  string // "app.json"
	Command string
	Tools   []string // installers that it calls, which the image does not have
}

// postDeploy returns the script of app.json or scalingo.json. It is nil if there is none.
// https://devcenter.heroku.com/articles/app-json-schema#scripts
func (r *reader) postDeploy() *PostDeploy {
	for _, file := range []string{"app.json", "scalingo.json"} {
		var content struct{ Scripts struct{ Postdeploy string } }
		text, ok := r.quiet(file)
		if !ok || json.Unmarshal([]byte(text), &content) != nil || content.Scripts.Postdeploy == "" {
			continue
		}
		command := content.Scripts.Postdeploy
		return &PostDeploy{file, command, r.installers(command)}
	}
	return nil
}

// installers returns the installers of Python packages that a command calls, or a script of the app that it names.
func (r *reader) installers(command string) (names []string) {
	commands := shell.Commands(command)
	for _, words := range shell.Commands(command) {
		if text, ok := r.quiet(path.Clean(words[0])); ok {
			commands = append(commands, shell.Commands(text)...)
		}
	}
	for _, words := range commands {
		name := path.Base(words[0])
		if slices.Contains(pythonInstallers(), name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
