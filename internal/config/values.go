package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Disables reports whether DISABLE_COLLECTSTATIC switches collectstatic off. As on Heroku classic, any value but "" and
// "0" does. DEBUG_COLLECTSTATIC has the same rule.
// https://devcenter.heroku.com/articles/django-assets
func Disables(value string) bool { return value != "" && value != "0" }

// IsTrue reports whether NPM_CONFIG_PRODUCTION is true. Only then Heroku classic installs no devDependencies.
// https://devcenter.heroku.com/articles/nodejs-support#package-installation
func IsTrue(value string) bool { return value == "true" }

// toggle reads one of Heroku's variables; on says which values switch it on.
func toggle(lookup func(string) (string, bool), name string, on func(value string) bool) Switch {
	_, set := lookup(name)
	return Switch{on(text(lookup, name)), set}
}

// names reads a list that may be set to nothing.
func names(lookup func(string) (string, bool), name string) Names {
	_, set := lookup(name)
	return Names{list(lookup, name), set}
}

// list returns the parts of a value that commas separate, without empty parts. It is nil if the variable is not set.
func list(lookup func(string) (string, bool), name string) (all []string) {
	for part := range strings.SplitSeq(text(lookup, name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// text returns a value without surrounding space, or the default. It is empty if the variable has neither.
func text(lookup func(string) (string, bool), name string) string {
	value, _ := lookup(name)
	return strings.TrimSpace(value)
}

// boolean reads a variable that must be true or false.
func boolean(lookup func(string) (string, bool), name string) (bool, error) {
	value, err := oneOf(lookup, name, "true", "false")
	return value == "true", err
}

// optional returns a boolean, and whether it is set. An empty value is not set.
func optional(lookup func(string) (string, bool), name string) (Switch, error) {
	if text(lookup, name) == "" {
		return Switch{}, nil
	}
	on, err := boolean(lookup, name)
	return Switch{on, err == nil}, err
}

// modules is like optional, for a variable that may also be all.
func modules(lookup func(string) (string, bool), name string) (m Modules, err error) {
	if text(lookup, name) == "" {
		return m, nil
	}
	value, err := oneOf(lookup, name, "true", "false", "all")
	m.Dev = value == "all"
	m.Switch = Switch{On: m.Dev || value == "true", Set: err == nil}
	return m, err
}

// oneOf returns the value of a variable with some allowed values, or an error about any other value.
func oneOf(lookup func(string) (string, bool), name string, allowed ...string) (string, error) {
	value := text(lookup, name)
	if slices.Contains(allowed, value) {
		return value, nil
	}
	return "", valueError(name+" has a value that is not valid",
		fmt.Sprintf("It is %s. Allowed values: %s", show.Quoted(value), strings.Join(allowed, ", ")),
		fail.Say{Text: "Set it to one of these, or remove it:"}, fail.Set{Name: name, Value: allowed[0]})
}

// valueError returns the error for a variable that has a value which is not valid.
func valueError(what, why string, fix ...fail.Action) *fail.Error {
	return &fail.Error{ID: "config/value", What: what, Why: why, Fix: fix}
}
