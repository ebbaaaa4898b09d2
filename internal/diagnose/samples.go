package diagnose

import (
	"regexp"
	"strings"
)

// samples are values with which settings load, by the end of a variable's name. No build uses what they name.
var samples = []struct{ end, value string }{
	{"DATABASE_URL", "sqlite://:memory:"}, {"DB_URL", "sqlite://:memory:"}, {"REDIS_URL", "redis://localhost"},
	{"BROKER_URL", "redis://localhost"}, {"CACHE_URL", "redis://localhost"},
	{"DSN", "https://key@sentry.example.com/1"}, {"URL", "https://example.com"}, {"HOSTS", "localhost"},
	{"HOST", "localhost"}, {"PORT", "1"}, {"EMAIL", "a@example.com"},
	{"DJANGO_SETTINGS_MODULE", "mysite.settings"}, {"DJANGO_CONFIGURATION", "Production"}, {"DEBUG", "false"},
	{"KEY", longSample}, {"SECRET", longSample},
}

// longSample is a key for code that checks its length.
const longSample = "only-for-the-build-0123456789-0123456789-0123456789"

// casts are conversions in code, each with a value that it can convert.
var casts = []struct {
	code  *regexp.Regexp
	value string
}{
	{regexp.MustCompile(`\b(?:int|float|[Dd]ecimal)\b`), "1"}, {regexp.MustCompile(`\bbool\b`), "false"},
	{regexp.MustCompile(`\bjson\b`), "{}"},
}

// sample returns a value for a variable with which code that reads it can go on.
func sample(name, code string) string {
	for _, c := range casts {
		if strings.Contains(code, name) && c.code.MatchString(code) {
			return c.value
		}
	}
	for _, e := range samples {
		if strings.HasSuffix(name, e.end) {
			return e.value
		}
	}
	return "only-for-the-build"
}
