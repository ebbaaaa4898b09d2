package manager

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/ini.v1"

	"github.com/tandem-cnb/tandem/internal/show"
)

// PipOption is a setting of pip's: an option by its long name, from a variable, a pip.conf or a requirements file.
type PipOption struct{ Name, Value, Source string }

// ReadPipConf reads a pip.conf: [global], and [install] over it. source is the file's name in messages.
// https://pip.pypa.io/en/stable/topics/configuration/
func ReadPipConf(text, source string) (map[string]PipOption, error) {
	file, err := ini.LoadSources(ini.LoadOptions{
		AllowPythonMultilineValues: true, SkipUnrecognizableLines: true, IgnoreInlineComment: true,
		KeyValueDelimiters: "=:",
	}, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("parse pip.conf: %w", err)
	}
	out := map[string]PipOption{}
	for _, name := range []string{"global", "install"} {
		for _, key := range file.Section(name).Keys() {
			option := pipName(key.Name())
			out[option] = PipOption{option, strings.Join(strings.Fields(key.Value()), " "), source}
		}
	}
	return out, nil
}

// PipVariables finds pip's settings among environment variables.
func PipVariables(env map[string]string) map[string]PipOption {
	out := map[string]PipOption{}
	for name, value := range env {
		if option, ok := strings.CutPrefix(name, "PIP_"); ok && value != "" {
			out[pipName(option)] = PipOption{Name: pipName(option), Value: value, Source: name}
		}
	}
	return out
}

// pipName returns the long name of an option, without dashes before it, for a name in a file or in a variable.
func pipName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// PipEnv gives settings as pip's own variables, so that pip need not look for files.
func PipEnv(settings map[string]PipOption) map[string]string {
	out := map[string]string{}
	for name, o := range settings {
		out["PIP_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))] = o.Value
	}
	return out
}

// UVSettings are pip's settings, translated for uv.
type UVSettings struct {
	Env   map[string]string // URLs, which may have a password: the log shows commands, not variables
	Args  []string
	Notes []string // what is excluded
}

// PipToUV translates settings. own are the options of the requirements files: an --index-url there replaces all indexes
// of the settings, as with pip. To uv it would be the other way round.
func PipToUV(settings map[string]PipOption, own []string) UVSettings {
	ownIndex := slices.ContainsFunc(own, func(line string) bool {
		name, _ := cutOption(line)
		return name == "index-url"
	})
	var all []PipOption
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if !ownIndex || name != "index-url" && name != "extra-index-url" {
			all = append(all, settings[name])
		}
	}
	return forUV(all, nil)
}

// forUV translates; without those options that uv reads on its own.
func forUV(options []PipOption, skip []string) UVSettings {
	out := UVSettings{Env: map[string]string{}}
	known, said := translations(), map[string]bool{}
	var notes []string
	for _, o := range options {
		if slices.Contains(skip, o.Name) {
			continue
		}
		to, ok := known[o.Name]
		if note := o.Name + " " + o.Source; !ok && !said[note] { // a file may have it in many lines
			said[note] = true
			notes = append(notes, untranslated(o))
		}
		if to != nil {
			env, args := to(o.Value)
			maps.Copy(out.Env, env)
			out.Args = append(out.Args, args...)
		}
	}
	out.Notes = show.Notes(notes)
	return out
}

// untranslated returns the note for an option that uv does not have.
func untranslated(o PipOption) string {
	return fmt.Sprintf("Python packages: uv has no option --%s (%s), so it is ignored; "+
		"BP_PYTHON_INSTALLER=pip installs with pip itself", o.Name, show.Name(o.Source))
}
