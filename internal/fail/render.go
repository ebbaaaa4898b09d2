package fail

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Platform is where a build is set up, and so the form in which a Fix is read.
type Platform string

// The platforms. pack and kpack read project.toml, which has no bindings. In Kubernetes, kpack or Tekton builds.
const (
	Project    Platform = "project.toml"     // lines to add to the file
	NewProject Platform = "new project.toml" // the same for an app that has no such file
	Kubernetes Platform = "Kubernetes"
)

// indent begins each line of a command or of a file's contents. Such lines are never wrapped.
const indent = "    "

// Render writes a Fix for a platform. It is the only place that knows how each platform takes variables and bindings.
func Render(f Fix, platform Platform) string {
	var lines []string
	for i := 0; i < len(f); i++ {
		switch a := f[i].(type) {
		case Say:
			lines = append(lines, a.Text)
		case Run:
			lines = append(lines, indent+shell.In(a.In, a.Command))
		case Edit:
			for _, line := range a.Lines {
				lines = append(lines, indented(line)...)
			}
		case Build:
			lines = append(lines, build(a, platform)...)
		case Bind:
			lines = append(lines, bind(a, platform)...)
		case Set:
			all := sets(f[i:])
			lines = append(lines, set(all, platform)...)
			i += len(all) - 1
		}
	}
	return strings.Join(lines, "\n")
}

// pack begins a command; what the user has after it stays.
const pack = "pack build … "

// indented returns the lines of text, all but empty ones behind the indent.
func indented(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = indent + line
		}
	}
	return lines
}

// sets returns the variables with which f begins.
func sets(f Fix) (all []Set) {
	for _, action := range f {
		s, ok := action.(Set)
		if !ok {
			break
		}
		all = append(all, s)
	}
	return all
}

// set returns the lines that set variables of the build on a platform.
func set(all []Set, platform Platform) (lines []string) {
	if platform == Kubernetes {
		lines = append(lines, indent+"# kpack: spec.build.env of the Image. Tekton: a file in /platform/env")
		for _, s := range all {
			lines = append(lines, fmt.Sprintf(indent+"- {name: %s, value: %q}", show.Name(s.Name), s.value()))
		}
		return lines
	}
	lines = append(lines, schema(platform)...)
	table := indent + "[[io.buildpacks.build.env]]"
	for _, s := range all {
		lines = append(lines, table, indent+"name = "+tomlString(s.Name), indent+"value = "+tomlString(s.value()))
	}
	lines[0] += "  # in project.toml"
	return lines
}

// tomlString returns text as a string of TOML. A shell into which it is pasted by mistake runs no part.
// https://toml.io/en/v1.0.0#string
func tomlString(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f || r == '$' || r == '`':
			fmt.Fprintf(&out, `\u%04X`, r)
		default:
			out.WriteRune(r)
		}
	}
	return `"` + out.String() + `"`
}

// unknown replaces a value that only the user knows.
const unknown = "…"

// value returns the value, or what replaces it.
func (s Set) value() string {
	if s.Value == "" {
		return unknown
	}
	return s.Value
}

// bind returns the lines that add a binding on a platform. A binding without a name is named after its type.
func bind(b Bind, platform Platform) []string {
	name, dir := b.Name, b.Dir
	if name == "" {
		name = b.Type
	}
	if dir == "" {
		dir = "bindings/" + name
	}
	if platform == Kubernetes {
		return secret(b, name)
	}
	var lines []string
	if len(b.Files) > 0 {
		lines = append(lines, bindingDir(b, dir)...)
	}
	lines = append(lines, indent+"# a build reads it in /platform/bindings/"+name+". With pack:")
	return append(lines, fmt.Sprintf(indent+`%s--volume "$PWD/%s:/platform/bindings/%s:ro"`, pack, dir, name))
}

// bindingDir returns the commands that make the directory of a binding.
func bindingDir(b Bind, dir string) []string {
	first := []string{"mkdir -p " + dir}
	var texts []string
	for _, f := range b.Files {
		if f.From != "" {
			first = append(first, "cp "+f.From+" "+dir)
		} else {
			texts = append(texts, indent+"echo '"+f.Text+"' >"+dir+"/"+f.Name)
		}
	}
	first = append(first, "echo "+b.Type+" >"+dir+"/type")
	return append([]string{indent + strings.Join(first, " && ")}, texts...)
}

// secret returns a Secret of Kubernetes, which is a binding if spec.build.services of kpack's Image names it.
// https://github.com/buildpacks-community/kpack/blob/main/docs/servicebindings.md
func secret(b Bind, name string) []string {
	lines := []string{
		"apiVersion: v1", "kind: Secret", "metadata: {name: " + name + "}", "type: service.binding/" + b.Type,
		"stringData:", "  type: " + b.Type,
	}
	for _, f := range b.Files {
		value := f.Text
		if value == "" {
			value = unknown
		}
		lines = append(lines, "  "+show.Name(f.Name)+": "+value)
	}
	for i, line := range lines {
		lines[i] = indent + line
	}
	return lines
}
