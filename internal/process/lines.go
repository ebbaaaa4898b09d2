package process

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// lineNotes returns notes about what the lines of the Procfile do that works differently in an image. The lines stay as
// they are: what they do more than once costs time, and is not wrong. A worker with one process for each CPU of a large
// machine needs more memory than a container has.
func (f Facts) lineNotes(all []Process) (said note.List) {
	for _, process := range all {
		said = append(said, f.repeated(process)...)
		if app.CountsCPUs(process.Command) {
			said.Hint("procfile/celery", "Procfile, line %d: celery starts one process for each CPU of the machine, "+
				"not of the container. With a number:\n    %s: %s --concurrency \"${WEB_CONCURRENCY:-2}\"",
				process.Line, process.Type, show.Line(process.Command))
		}
		if process.Type == "release" {
			said.Hint("procfile/release", "Procfile, line %d: only Heroku runs release on its own. Elsewhere, run "+
				"this process type when you deploy, for example as a Job or an init container in Kubernetes",
				process.Line)
		}
	}
	if post := f.App.PostDeploy; post != nil {
		text := fmt.Sprintf("%s: only Heroku and Scalingo run the script postdeploy. Elsewhere, run it when you "+
			"deploy:\n    %s", post.Source, show.Line(post.Command))
		if len(post.Tools) > 0 {
			text += fmt.Sprintf("\nIn the image there is no %s", show.List(post.Tools))
		}
		said.Hint("procfile/postdeploy", "%s", text)
	}
	return append(said, f.serverRendering(all)...)
}

// repeated warns of commands of a process that the build has run, or that cannot run in an image. collectstatic in a
// process is on purpose if the build does not run it.
func (f Facts) repeated(process Process) (said note.List) {
	var scripts []string
	for _, script := range f.Scripts {
		scripts = append(scripts, script.Name)
	}
	found, changed := app.BuildSteps(process.Command, scripts)
	var reasons, ran []string
	for _, step := range found {
		switch {
		case step.Installs:
			tool, _, _ := strings.Cut(step.Name, " ")
			reasons = append(reasons, fmt.Sprintf("there is no %s in the image for %s", tool, step.Name))
		case step.Name == "collectstatic" && f.NoCollectstatic:
		case step.Name == "compilemessages":
			reasons = append(reasons, "compilemessages needs GNU gettext, which is not in the image, and the build "+
				"compiles translations")
		case step.Name == "compress":
			reasons = append(reasons, "compress belongs into the build: "+config.CommandsAfter+"=compress")
		default:
			ran = append(ran, step.Name)
		}
	}
	if len(ran) > 0 {
		reasons = append([]string{"the build has run " + show.List(ran)}, reasons...)
	}
	if len(reasons) == 0 {
		return nil
	}
	text := fmt.Sprintf("Procfile, line %d: %s", process.Line, strings.Join(reasons, "; "))
	if changed != process.Command {
		text += fmt.Sprintf(". The line without it:\n    %s: %s", process.Type, show.Line(changed))
	}
	said.Warn("procfile/build-step", "%s", text)
	return said
}

// serverRendering notes a bundle for rendering pages on a server that no process runs. The pages are then rendered in
// the browser alone, or the framework reports that its server does not answer. A process that calls Node.js may be that
// server.
// https://vite.dev/guide/ssr
func (f Facts) serverRendering(all []Process) (said note.List) {
	if slices.ContainsFunc(all, func(process Process) bool { return len(app.CallsNode(process.Command)) > 0 }) {
		return nil
	}
	for _, script := range f.Scripts {
		if bundle := serverBundle(script.Command); bundle != "" {
			said.Hint("procfile/server-rendering", "%s: the script %s builds a server that renders pages, and no "+
				"process runs it. A line of the Procfile:\n    ssr: node %s",
				show.Name(script.Package.Path("package.json")), show.Name(script.Name),
				show.Path(path.Join(script.Package.Dir, bundle)))
		}
	}
	return said
}

// serverBundle returns the file that a script with "vite build --ssr ENTRY" writes; empty for another script.
func serverBundle(script string) string {
	for _, words := range shell.Commands(script) {
		i := slices.Index(words, "--ssr")
		if path.Base(words[0]) != "vite" || !slices.Contains(words, "build") || i < 1 || i+1 == len(words) {
			continue
		}
		dir := "dist"
		if at := slices.Index(words, "--outDir"); at >= 1 && at+1 < len(words) {
			dir = words[at+1]
		}
		entry := path.Base(words[i+1])
		return path.Join(dir, strings.TrimSuffix(entry, path.Ext(entry))+".js")
	}
	return ""
}

// missingPrograms warns of programs that a line calls and the app does not have: those of another buildpack, and files
// that are not there. It returns the line without them if a server with all of its options is left. A server that
// does not read PORT listens where a file says, often at a socket for the program that is missing.
func missingPrograms(line app.Process, command string) (changed string, said note.List) {
	changed = command
	for _, program := range line.Missing {
		words, is := "", otherPrograms()[path.Base(program)]
		if rest, ok := strings.CutPrefix(command, program+" "); ok && is != "" {
			words = strings.TrimLeft(rest, " ")
		}
		text := fmt.Sprintf("Procfile, line %d: the app has no %s", line.Line, show.Name(program))
		if is != "" {
			text += fmt.Sprintf(", which %s has", is)
		}
		if words != "" {
			text += fmt.Sprintf(". The line without it:\n    %s: %s", line.Type, show.Line(words))
		}
		said.Warn("procfile/no-such-file", "%s", text)
		if len(app.ServedBy(words, app.GunicornConfig{})) > 0 && strings.Contains(words, "PORT") {
			changed = words
		}
	}
	return changed, said
}

// otherPrograms returns the programs with which lines of Heroku begin, and whose they are.
func otherPrograms() map[string]string {
	const nginx, pgbouncer = "Heroku's buildpack for nginx", "Heroku's buildpack for PgBouncer"
	return map[string]string{
		"start-nginx": nginx, "start-nginx-solo": nginx, "start-nginx-debug": nginx, "start-pgbouncer": pgbouncer,
		"start-pgbouncer-stunnel": pgbouncer, "start-stunnel": "a buildpack for stunnel",
	}
}
