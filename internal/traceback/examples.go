package traceback

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

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

// schema begins a project.toml: without it pack looks for variables elsewhere, and says nothing.
// https://buildpacks.io/docs/reference/config/project-descriptor/
const schema = "    [_]\n    schema-version = \"0.2\"\n"

// giveVariables is how a build gets variables, on each platform.
func giveVariables(names []string, example func(name string) string) string {
	var pack, project, kpack, secret strings.Builder
	for _, name := range names {
		fmt.Fprintf(&pack, " --env %s=%s", show.Word(name), example(name))
		fmt.Fprintf(&project, "    [[io.buildpacks.build.env]]\n    name = %q\n    value = %q\n", name, example(name))
		fmt.Fprintf(&kpack, "    - {name: %s, value: %q}\n", show.Name(name), example(name))
		fmt.Fprintf(&secret, "      %s: …\n", show.Name(name))
	}
	return "Give it to the build: a value that lets the settings load will do, if no step of the build uses it. With pack:\n" +
		"    pack build …" + pack.String() + "\n" +
		"In project.toml, where the first two lines may stand already:\n" + schema + project.String() +
		"In kpack's Image, below spec.build.env:\n" + kpack.String() +
		"A secret, which only the app's own steps may see, as a binding (pack: --volume; kpack: spec.build.services):\n" +
		"    apiVersion: v1\n    kind: Secret\n    metadata: {name: build-env}\n    type: service.binding/tandem-build-env\n    stringData:\n      type: tandem-build-env\n" + strings.TrimSuffix(secret.String(), "\n")
}
