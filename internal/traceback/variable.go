package traceback

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
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

// MissingError says which variables are not set, where the settings ask for them, and how a build gets them.
func MissingError(names []string, output, root string) *fail.Error {
	what := names[0] + " is not set"
	if len(names) > 1 {
		what = strings.Join(names, ", ") + " are not set"
	}
	return &fail.Error{ID: "django/variable-unset", What: "The settings need a variable that the build does not have: " + what, Why: evidence(output, root, names...), Fix: giveVariables(names, asking(output, root, names))}
}

// asking is the app's code that has asked for the variables.
func asking(output, root string, names []string) string {
	for _, t := range slices.Backward(traces(output)) {
		if own := t.own(root, names...); own != nil {
			return own.code
		}
	}
	return ""
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

// examples are values that let settings load, by the end of a name; no build uses what they name.
var examples = []struct{ end, value string }{
	{"DATABASE_URL", "sqlite://:memory:"}, {"DB_URL", "sqlite://:memory:"}, {"REDIS_URL", "redis://localhost"}, {"BROKER_URL", "redis://localhost"}, {"CACHE_URL", "redis://localhost"},
	{"DSN", "https://key@sentry.example.com/1"}, {"URL", "https://example.com"}, {"HOSTS", "localhost"}, {"HOST", "localhost"}, {"PORT", "1"}, {"EMAIL", "a@example.com"},
	{"DJANGO_SETTINGS_MODULE", "mysite.settings"}, {"DJANGO_CONFIGURATION", "Production"}, {"DEBUG", "false"}, {"KEY", longExample}, {"SECRET", longExample},
}

// longExample is a key for what asks for a long one.
const longExample = "only-for-the-build-0123456789-0123456789-0123456789"

// casts are what code makes of a value, with one that it can make it of.
var casts = []struct {
	code  *regexp.Regexp
	value string
}{
	{regexp.MustCompile(`\b(?:int|float|[Dd]ecimal)\b`), "1"}, {regexp.MustCompile(`\bbool\b`), "false"}, {regexp.MustCompile(`\bjson\b`), "{}"},
}

// example is a value for a variable that code asks for.
func example(name, code string) string {
	for _, c := range casts {
		if strings.Contains(code, name) && c.code.MatchString(code) {
			return c.value
		}
	}
	for _, e := range examples {
		if strings.HasSuffix(name, e.end) {
			return e.value
		}
	}
	return "only-for-the-build"
}

// giveVariables is how a build gets variables, on each platform.
func giveVariables(names []string, code string) string {
	var pack, project, kpack, secret strings.Builder
	for _, name := range names {
		fmt.Fprintf(&pack, " --env %s=%s", name, example(name, code))
		fmt.Fprintf(&project, "    [[io.buildpacks.build.env]]\n    name = %q\n    value = %q\n", name, example(name, code))
		fmt.Fprintf(&kpack, "    - {name: %s, value: %q}\n", name, example(name, code))
		fmt.Fprintf(&secret, "      %s: …\n", name)
	}
	return "Give it to the build: a value that lets the settings load will do, if no step of the build uses it. With pack:\n" +
		"    pack build …" + pack.String() + "\n" +
		"In project.toml:\n" + project.String() +
		"In kpack's Image, below spec.build.env:\n" + kpack.String() +
		"A secret, which only the app's own steps may see, as a binding (pack: --volume; kpack: spec.build.services):\n" +
		"    apiVersion: v1\n    kind: Secret\n    metadata: {name: build-env}\n    type: service.binding/tandem-build-env\n    stringData:\n      type: tandem-build-env\n" + strings.TrimSuffix(secret.String(), "\n")
}
