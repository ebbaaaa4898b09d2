package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestExpand(t *testing.T) {
	for pattern, want := range map[string][]string{
		"":                   {""},
		"packages/*":         {"packages/*"},
		"{a,b}":              {"a", "b"},
		"x/{a,b,}/**":        {"x/a/**", "x/b/**", "x//**"},
		"{a,{b,c}d}{1,2}":    {"a1", "a2", "bd1", "bd2", "cd1", "cd2"},
		"!{a,b}":             {"!a", "!b"},
		"{a}":                {`\{a\}`},
		"{a,b":               {`\{a,b`},
		"{{a,b}":             {`\{a`, `\{b`},
		"a}":                 {`a\}`},
		"{{a,b}}":            {`\{a\}`, `\{b\}`},
		`\{a,b}`:             {`\{a,b\}`},
		`{a\,b,c}`:           {`a\,b`, "c"},
		`{a,b\}`:             {`\{a,b\}`},
		`{a,b}\`:             {`a\`, `b\`},
		"ü{ä,ö}":             {"üä", "üö"},
		"{" + "a,{b,c}" + "": {`\{a,b`, `\{a,c`},
	} {
		got, err := expand([]string{pattern})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", pattern, err, diff)
		}
	}
}

func TestExpandEnds(t *testing.T) {
	begin := time.Now()
	for name, c := range map[string]struct {
		patterns []string
		want     string // of the error
	}{
		"as many":           {[]string{"{" + strings.Repeat("a,", maxPatterns-1) + "a}"}, ""},
		"one more":          {[]string{"{" + strings.Repeat("a,", maxPatterns) + "a}"}, "1000 patterns"},
		"in several":        {slices.Repeat([]string{"{a,b}"}, 501), "1000 patterns"},
		"without braces":    {slices.Repeat([]string{"a"}, maxPatterns+1), "1000 patterns"},
		"a product":         {[]string{strings.Repeat("{a,a}", 800)}, "1000 patterns"},
		"in each other":     {[]string{strings.Repeat("{a,", 1300) + strings.Repeat("}", 196)}, ""},
		"in each other too": {[]string{strings.Repeat("{a,", 1020) + strings.Repeat("}", 1020)}, "1000 patterns"},
		"never closed":      {[]string{strings.Repeat("{", maxPattern)}, ""},
		"a long one":        {[]string{strings.Repeat("a", maxPattern+1)}, "4096 letters"},
	} {
		if _, err := expand(c.patterns); (err == nil) != (c.want == "") || err != nil &&
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// FuzzExpand compares with the library's own braces, which know no end.
func FuzzExpand(f *testing.F) {
	f.Add("{a,b{c,d}}e", "bce")
	f.Add("x/{a,*}/**", "x/y/z")
	f.Add(`\{a,b}{c,}`, "{a,b}c")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 40 || strings.Count(pattern, "{") > 4 {
			return
		}
		all, err := expand([]string{pattern})
		if err != nil {
			return
		}
		// What differs: a brace with one alternative, and one in a class, mean something else to the library.
		if strings.ContainsAny(pattern, "[]\\!") || oneAlternative(pattern) {
			return
		}
		found := slices.ContainsFunc(all, func(each string) bool { return doublestar.MatchUnvalidated(each, name) })
		if want, err := doublestar.Match(pattern, name); err == nil && want && !found {
			t.Errorf("%q does not match %q any more: %q", pattern, name, all)
		}
	})
}

func oneAlternative(pattern string) bool {
	for i := range pattern {
		if pattern[i] == '{' {
			if alternatives, _ := braceAt(pattern[i:]); len(alternatives) < 2 {
				return true
			}
		}
	}
	return strings.Contains(pattern, "}") && !strings.Contains(pattern, "{")
}

func TestWorkspacesWithTooManyPatterns(t *testing.T) {
	braces := `"` + strings.Repeat("{a,b}", 40) + `"`
	for name, c := range map[string]struct {
		a    App
		id   string
		file string
	}{
		"package.json": {read(files("package.json", `{"workspaces": [`+braces+`], "dependencies": {"x": "1"}}`)),
			"node/package-json-invalid", "package.json"},
		"an object": {read(files("package.json", `{"workspaces": {"packages": [`+braces+`]}}`)),
			"node/package-json-invalid", "package.json"},
		"pnpm's file": {read(files("package.json", "{}", "pnpm-lock.yaml", "lockfileVersion: '9.0'\n",
			"pnpm-workspace.yaml", "packages: ["+braces+"]\n")),
			"node/settings-invalid", "pnpm-workspace.yaml"},
	} {
		var user *fail.Error
		if problems := c.a.Node[0].Unreadable; len(problems) == 1 {
			user, _ = fail.User(problems[0].Err)
		}
		if user == nil || user.ID != c.id || !strings.Contains(user.Error(), c.file) ||
			!strings.Contains(user.Why, "1000 patterns") {
			t.Errorf("%s: got %v", name, c.a.Node[0].Unreadable)
		}
	}
}

// Patterns times names is what matching costs, and it has an end.
func TestManyPatternsForManyNames(t *testing.T) {
	var patterns []string
	for i := range 240 {
		patterns = append(patterns, fmt.Sprintf(`"%s%db"`, strings.Repeat("*a", 2000), i))
	}
	all := []string{"package.json", `{"workspaces": [` + strings.Join(patterns, ",") + `]}`}
	name := strings.Repeat(strings.Repeat("a", 250)+"/", 15)
	for i := range 100 {
		all = append(all, fmt.Sprintf("%s%d/package.json", name, i), "{}")
	}
	begin := time.Now()
	problems := read(files(all...)).Node[0].Unreadable
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	if len(problems) != 1 || !strings.Contains(problems[0].Err.Error(), "too many patterns for so many directories") {
		t.Errorf("got %v", problems)
	}
}

func TestPatternsUpToTheirLimitsAreExpanded(t *testing.T) {
	if all, err := expand([]string{strings.Repeat("a", maxPattern)}); err != nil || len(all) != 1 {
		t.Errorf("the longest: %v", err)
	}
	if all,
		err := expand([]string{"{" + strings.Repeat("a,", maxPatterns-1) + "a}"}); err != nil ||
		len(all) != maxPatterns {
		t.Errorf("the most: %d, %v", len(all), err)
	}
}
