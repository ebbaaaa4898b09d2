package diagnose

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// unset matches the messages that name a variable which is not set.
var unset = []*regexp.Regexp{
	regexp.MustCompile(`^Set the (\w+) environment variable`),                               // django-environ
	regexp.MustCompile(`^(\w+) not found\. Declare it as envvar or define a default value`), // python-decouple
	regexp.MustCompile(`^Environment variable "(\w+)" not set`),                             // environs
	regexp.MustCompile(`is required to be set as the environment variable '(\w+)'`),
	// django-configurations
	regexp.MustCompile(`environment variable (DJANGO_CONFIGURATION) is undefined`),                 // the same
	regexp.MustCompile(`You must either define the environment variable (DJANGO_SETTINGS_MODULE)`), // Django
	regexp.MustCompile(`(?m)^(\w+)\n {2}Field required \[type=missing, input_value=.*`),
	// pydantic-settings 2
	regexp.MustCompile(`(?m)^(\w+)\n {2}field required \(type=value_error\.missing\)`),               // pydantic 1
	regexp.MustCompile(`^(\w+) environment variable (?:is )?(?:not set|required|missing|undefined)`), // many apps
}

var (
	// variableName matches a name in a sentence that an app has written.
	variableName = regexp.MustCompile(`\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{3,}\b`)
	saysUnset    = regexp.MustCompile(`(?i)\benv|variable|\bset\b|unset|missing|required?\b|must|` +
		`not found|undefined|not defined|provide|configure`)
	// lookup matches code that reads a variable and accepts its absence: what follows then fails.
	lookup = regexp.MustCompile(`(?:environ\.get|getenv|\benv(?:\.\w+)?|\bconfig)\(\s*["'](\w+)["']`)
	// subscript matches code that looks a name up in a copy of the environment.
	subscript = regexp.MustCompile(`(?i)env\w*\[`)
	absent    = regexp.MustCompile(`NoneType|None$|(?:Scheme|No support for) 'b?'`)
)

// notNames are words in capitals that sentences about variables may have.
var notNames = []string{"ENV", "URL", "API", "DSN", "AND", "NOT", "THE", "YOU", "MUST", "DEBUG", "HTTP", "HTTPS",
	"JSON", "YAML", "TOML", "ENVIRONMENT"}

// Missing returns the variables that the settings of the app in root lack, from the output of a failed command. has
// reports which ones the command had.
func Missing(output, root string, has func(name string) bool) []string {
	all := traces(output)
	for _, t := range slices.Backward(all) {
		names := slices.DeleteFunc(t.missing(root), has)
		if t.exception == "ValidationError" { // fields of a class, written as variables are
			for i := range names {
				names[i] = strings.ToUpper(names[i])
			}
			names = slices.DeleteFunc(names, has)
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

func (t trace) missing(root string) (names []string) {
	for _, message := range unset {
		for _, m := range message.FindAllStringSubmatch(t.message, -1) {
			names = append(names, m[1])
		}
	}
	own := t.own(root)
	if len(names) > 0 || own == nil {
		return names
	}
	name := strings.Trim(t.message, `'"`)
	last := t.frames[len(t.frames)-1]
	switch {
	case t.exception == "KeyError" && last.function == "__getitem__" &&
		(last.file == "<frozen os>" || strings.HasSuffix(last.file, "/os.py")):
		return []string{name}
	case t.exception == "KeyError" && subscript.MatchString(own.code) && strings.Contains(own.code, name):
		return []string{name}
	case absent.MatchString(t.first()):
		if m := lookup.FindStringSubmatch(own.code); m != nil {
			return []string{m[1]}
		}
	case strings.HasSuffix(last.file, own.file) && t.exception != "KeyError" && saysUnset.MatchString(t.first()):
		found := slices.DeleteFunc(variableName.FindAllString(t.first(), -1),
			func(word string) bool { return slices.Contains(notNames, word) })
		slices.Sort(found)
		if found = slices.Compact(found); len(found) == 1 {
			return found
		}
	}
	return nil
}

var (
	secretName = regexp.MustCompile(`^(?:(?:DJANGO|APP|APPLICATION|SITE|WEB|PROJECT|FLASK)_)?SECRET(?:_?KEY)?$`)
	secretLike = regexp.MustCompile(`SECRET|KEY$`)
	assigns    = regexp.MustCompile(`^SECRET_KEY\s*(?::[^=]+)?=`)
)

// SecretKeys returns those of names that have Django's SECRET_KEY under another name, so that a placeholder may
// replace it. A key of another service is none: what reads STRIPE_SECRET_KEY may use it.
func SecretKeys(names []string, output, root string) (keys []string) {
	own := false
	for _, t := range traces(output) {
		for _, f := range t.frames {
			own = own || strings.HasPrefix(f.file, root) && assigns.MatchString(f.code)
		}
		own = own || strings.Contains(t.message, "Value 'SECRET_KEY' is required")
	}
	for _, name := range names {
		if secretName.MatchString(name) || own && len(names) == 1 && secretLike.MatchString(name) {
			keys = append(keys, name)
		}
	}
	return keys
}

// asking returns the app's line that has read one of the variables; nil if none is seen.
func asking(output, root string, names []string) *frame {
	for _, t := range slices.Backward(traces(output)) {
		if own := t.own(root, names...); own != nil {
			return own
		}
	}
	return nil
}

// Sample returns a value for a variable with which the code that reads it, according to the outputs, can go on.
func Sample(name, root string, outputs ...string) string {
	for _, output := range outputs {
		if own := asking(output, root, []string{name}); own != nil && strings.Contains(own.code, name) {
			return sample(name, own.code)
		}
	}
	return sample(name, "")
}

// evidence returns the last exception of an output, and the app's own last line on the way to it, or the last one with
// one of the words.
func evidence(output, root string, words ...string) string {
	all := traces(output)
	if len(all) == 0 {
		return "What it says is above."
	}
	for _, t := range slices.Backward(all) {
		if own := t.own(root, words...); own != nil {
			return all[len(all)-1].String() + "\n\n" + own.String()
		}
	}
	return all[len(all)-1].String()
}

// probeVariable finds the variables that the settings lack: {names}, {examples} and {asked}, which shows where each
// import has stopped. Its cases are unset, and settings if it is DJANGO_SETTINGS_MODULE alone.
func probeVariable(x Exit, f Facts) (string, Vars) {
	names, said := f.Missing, f.Said
	if names == nil {
		names, said = Missing(x.Tail, f.Root, f.has), []string{x.Tail}
	}
	switch {
	case len(names) == 0:
		return "", nil
	case slices.Equal(names, []string{app.SettingsVariable}):
		return "settings", Vars{"module": f.module()}
	}
	var examples []string
	for _, name := range names {
		examples = append(examples, Sample(name, f.Root, said...))
	}
	asked := evidence(said[0], f.Root, names...)
	for _, output := range said[1:] {
		if own := asking(output, f.Root, names); own != nil {
			asked += "\n" + own.String()
		}
	}
	vars := Vars{"names": lines(names), "examples": lines(examples), "asked": asked}
	if len(names) > 1 {
		vars["several"] = "yes"
	}
	return "unset", vars
}

func (f Facts) has(name string) bool { return f.Has != nil && f.Has(name) }
