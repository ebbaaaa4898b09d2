// Package recipe reads the commands of Dockerfiles and of pipelines, by which teams build an app elsewhere. It decides
// nothing, and runs nothing.
package recipe

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// Command is a command of a Dockerfile or of a pipeline.
type Command struct {
	File  string
	Line  int // on which it begins, or the step that it is in
	Words []string
}

// mostCommands is how many commands of a file are read.
const mostCommands = 200

// IsDockerfile reports whether a file is a Dockerfile, by its name.
func IsDockerfile(file string) bool { return path.Base(file) == "Dockerfile" }

// Pipelines returns patterns of the files in which pipelines are described, relative to the root of a repository.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax,
// https://docs.gitlab.com/ci/yaml/, https://circleci.com/docs/reference/configuration-reference/
func Pipelines() []string {
	return []string{
		".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", ".circleci/config.yml",
		"bitbucket-pipelines.yml", "azure-pipelines.yml",
	}
}

// Read returns the commands of a file, of a Dockerfile those of RUN. It skips what it does not understand.
func Read(file, text string) (all []Command) {
	steps := pipelineSteps
	if IsDockerfile(file) {
		steps = runSteps
	}
	for _, s := range steps(text) {
		for _, words := range s.commands() {
			if len(all) < mostCommands && len(words) > 0 {
				all = append(all, Command{file, s.line, words})
			}
		}
	}
	return all
}

// step is a line of a file, or several that belong together.
type step struct {
	line int
	text string
}

// commands returns the commands of a step, as words. RUN may have a list of words instead of a shell's line.
func (s step) commands() [][]string {
	var words []string
	if json.Unmarshal([]byte(s.text), &words) == nil {
		return [][]string{words}
	}
	return shell.Commands(s.text)
}

// Copy is an instruction of a Dockerfile that copies a file or a directory.
type Copy struct{ From, To string }

// Copies returns what a Dockerfile copies. It shows where files of a build belong.
// https://docs.docker.com/reference/dockerfile/#copy
func Copies(text string) (all []Copy) {
	for _, s := range instructions(text, "COPY") {
		if words := strings.Fields(s.text); len(words) == 2 {
			all = append(all, Copy{path.Clean(words[0]), path.Clean(words[1])})
		}
	}
	return all
}

// runSteps returns what RUN of a Dockerfile has. https://docs.docker.com/reference/dockerfile/#run
func runSteps(text string) []step { return instructions(text, "RUN") }

// instructions returns what the instructions of a name have in a Dockerfile, without their options.
func instructions(text, name string) (all []step) {
	var open step
	for i, line := range slices.Collect(strings.Lines(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if open.line == 0 {
			open.line = i + 1
		}
		part, continued := strings.CutSuffix(line, `\`)
		if open.text += part + " "; continued {
			continue
		}
		words := strings.Fields(open.text)
		if strings.EqualFold(words[0], name) {
			words = words[1:]
			for len(words) > 0 && strings.HasPrefix(words[0], "--") {
				words = words[1:]
			}
			all = append(all, step{open.line, strings.Join(words, " ")})
		}
		open = step{}
	}
	return all
}

// pipelineSteps returns the lines of a pipeline that may be commands: an element of a list, or the value of a name.
// YAML with anchors and blocks need not be understood for that.
func pipelineSteps(text string) (all []step) {
	for i, line := range slices.Collect(strings.Lines(text)) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- "))
		for _, name := range []string{"run:", "script:", "command:", "bash:"} {
			line = strings.TrimSpace(strings.TrimPrefix(line, name))
		}
		line = strings.Trim(line, `"'`)
		if line != "" && line[0] != '#' && line[0] != '|' && line[0] != '>' {
			all = append(all, step{i + 1, line})
		}
	}
	return all
}
