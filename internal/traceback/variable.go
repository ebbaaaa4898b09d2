package traceback

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// unset are the messages by which a variable that is not set is known, with its name as the group.
var unset = []*regexp.Regexp{
	regexp.MustCompile(`^Set the (\w+) environment variable`),                                        // django-environ
	regexp.MustCompile(`^(\w+) not found\. Declare it as envvar or define a default value`),          // python-decouple
	regexp.MustCompile(`^Environment variable "(\w+)" not set`),                                      // environs
	regexp.MustCompile(`is required to be set as the environment variable '(\w+)'`),                  // django-configurations
	regexp.MustCompile(`environment variable (DJANGO_CONFIGURATION) is undefined`),                   // the same
	regexp.MustCompile(`You must either define the environment variable (DJANGO_SETTINGS_MODULE)`),   // Django
	regexp.MustCompile(`(?m)^(\w+)\n {2}Field required \[type=missing, input_value=.*`),              // pydantic-settings 2
	regexp.MustCompile(`(?m)^(\w+)\n {2}field required \(type=value_error\.missing\)`),               // pydantic 1
	regexp.MustCompile(`^(\w+) environment variable (?:is )?(?:not set|required|missing|undefined)`), // many apps
}

var (
	// variableName is how a name stands in a sentence that an app has written.
	variableName = regexp.MustCompile(`\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[A-Z]{3,}\b`)
	says         = regexp.MustCompile(`(?i)\benv|variable|\bset\b|unset|missing|required?\b|must|not found|undefined|not defined|provide|configure`)
	// lookup is code that asks for a variable and takes its absence: what follows then fails.
	lookup = regexp.MustCompile(`(?:environ\.get|getenv|\benv(?:\.\w+)?|\bconfig)\(\s*["'](\w+)["']`)
	// subscript is code that looks a name up in a copy of the environment.
	subscript = regexp.MustCompile(`(?i)env\w*\[`)
	absent    = regexp.MustCompile(`NoneType|None$|(?:Scheme|No support for) 'b?'`)
)

// notNames are words in capitals that sentences about variables have.
var notNames = []string{"ENV", "URL", "API", "DSN", "AND", "NOT", "THE", "YOU", "MUST", "DEBUG", "HTTP", "HTTPS", "JSON", "YAML", "TOML", "ENVIRONMENT"}

// Missing are the variables that the settings of the app in root have asked for and not got, by the output of a command that has
// failed. has tells which the command had.
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
	case t.exception == "KeyError" && last.function == "__getitem__" && (last.file == "<frozen os>" || strings.HasSuffix(last.file, "/os.py")):
		return []string{name}
	case t.exception == "KeyError" && subscript.MatchString(own.code) && strings.Contains(own.code, name):
		return []string{name}
	case absent.MatchString(t.first()):
		if m := lookup.FindStringSubmatch(own.code); m != nil {
			return []string{m[1]}
		}
	case strings.HasSuffix(last.file, own.file) && t.exception != "KeyError" && says.MatchString(t.first()):
		found := slices.DeleteFunc(variableName.FindAllString(t.first(), -1), func(word string) bool { return slices.Contains(notNames, word) })
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

// SecretKeys are those of names that hold Django's SECRET_KEY under another name, which a placeholder may stand for. A key of another
// service is none: what asks for STRIPE_SECRET_KEY may use it.
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

// MissingError says which variables are not set, where the settings ask for them, and how a build gets them. outputs are what one or more
// imports of them have said.
func (a App) MissingError(names []string, outputs ...string) *fail.Error {
	root := a.Root
	if slices.Equal(names, []string{app.SettingsVariable}) {
		w := a.giveModule()
		return &fail.Error{ID: "django/settings-module", What: w.what, Why: w.why, Fix: fail.Text(w.fix)}
	}
	what := show.Name(names[0]) + " is not set"
	if len(names) > 1 {
		what = show.Series(names) + " are not set"
	}
	why := evidence(outputs[0], root, names...)
	for _, output := range outputs[1:] {
		if own := asking(output, root, names); own != nil {
			why += "\n" + own.String()
		}
	}
	return &fail.Error{ID: "django/variable-unset", What: "The settings need a variable that the build does not have: " + what, Why: why, Fix: fail.Text(giveVariables(names, func(name string) string { return Example(name, root, outputs...) }))}
}

// asking is the app's line that has asked for one of the variables; nil: none is seen.
func asking(output, root string, names []string) *frame {
	for _, t := range slices.Backward(traces(output)) {
		if own := t.own(root, names...); own != nil {
			return own
		}
	}
	return nil
}

// Example is a value for a variable with which the code that asks for it can go on.
func Example(name, root string, outputs ...string) string {
	for _, output := range outputs {
		if own := asking(output, root, []string{name}); own != nil && strings.Contains(own.code, name) {
			return example(name, own.code)
		}
	}
	return example(name, "")
}

// evidence is what the last exception says and the app's own last line on the way to it, or the last with one of the words.
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
