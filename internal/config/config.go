// Package config reads the BP_* variables and Heroku's own names, once and strictly. It decides nothing else.
package config

import (
	"fmt"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Names of the variables, as users set them.
const (
	NodeVersion          = "BP_NODE_VERSION"
	PythonVersion        = "BP_PYTHON_VERSION"
	PythonRequirements   = "BP_PYTHON_REQUIREMENTS"
	PythonInstaller      = "BP_PYTHON_INSTALLER"
	PythonExtras         = "BP_PYTHON_EXTRAS"
	PythonGroups         = "BP_PYTHON_GROUPS"
	SecretKeyPlaceholder = "BP_DJANGO_SECRET_KEY_PLACEHOLDER"
	Timeline             = "BP_TIMELINE_FILE"
	DisableCollectstatic = "DISABLE_COLLECTSTATIC"
)

// Config is what the user has set.
type Config struct {
	NodeVersion, PythonVersion string   // "": not set
	Requirements               []string // paths in the app
	PipItself                  bool     // pip installs requirements files, not uv
	Extras, Groups             []string
	SecretKeyPlaceholder       bool
	Timeline                   string // file for the timeline as JSON; "": none
	DisableCollectstatic       bool
}

// Read asks lookup for each variable; lookup gives the default and false for one that is not set.
// The error is a *fail.Error that names the variable, the value and the legal ones.
func Read(lookup func(name string) (value string, set bool)) (Config, error) {
	var c Config
	c.NodeVersion = text(lookup, NodeVersion)
	c.PythonVersion = text(lookup, PythonVersion)
	c.Timeline = text(lookup, Timeline)
	c.Extras, c.Groups = list(lookup, PythonExtras), list(lookup, PythonGroups)
	for _, name := range list(lookup, PythonRequirements) {
		c.Requirements = append(c.Requirements, path.Clean(name))
	}
	// Classic: anything but unset, empty and "0" switches collectstatic off.
	// https://devcenter.heroku.com/articles/django-assets
	c.DisableCollectstatic = text(lookup, DisableCollectstatic) != "" && text(lookup, DisableCollectstatic) != "0"
	var err error
	if c.SecretKeyPlaceholder, err = boolean(lookup, SecretKeyPlaceholder); err != nil {
		return c, err
	}
	installer, err := oneOf(lookup, PythonInstaller, "uv", "pip")
	c.PipItself = installer == "pip"
	return c, err
}

// list is a value with commas between its parts.
func list(lookup func(string) (string, bool), name string) (all []string) {
	for part := range strings.SplitSeq(text(lookup, name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func text(lookup func(string) (string, bool), name string) string {
	value, _ := lookup(name)
	return strings.TrimSpace(value)
}

func boolean(lookup func(string) (string, bool), name string) (bool, error) {
	value, err := oneOf(lookup, name, "true", "false")
	return value == "true", err
}

// oneOf is a variable with two legal values.
func oneOf(lookup func(string) (string, bool), name, first, second string) (string, error) {
	value := text(lookup, name)
	if value == first || value == second {
		return value, nil
	}
	return "", &fail.Error{
		ID: "config/value", What: fmt.Sprintf("%s has a value that means nothing", name),
		Why: fmt.Sprintf("It is %q; legal are %s and %s.", value, first, second),
		Fix: fmt.Sprintf("Set it to one of these, or leave it out:\n    pack build … --env %s=%s", name, first),
	}
}
