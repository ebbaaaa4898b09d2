package bench

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

const root = "../../.."

// lists returns the lines of a file of opponents/growth.
func lists(t *testing.T, name string) []string {
	t.Helper()
	b := &bench{dev: &devenv.Env{Root: root}}
	lines, err := b.list(name)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// example returns a file of examples/large.
func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "examples/large", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// packages returns the names in a requirements.txt, all with an exact version.
func packages(t *testing.T, requirements string) (names []string) {
	t.Helper()
	for line := range strings.Lines(requirements) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !regexp.MustCompile(`^[a-z0-9-]+==[0-9][0-9a-z.]*$`).MatchString(line) {
			t.Errorf("%q is not a package with a version", line)
		}
		name, _, _ := strings.Cut(line, "==")
		names = append(names, name)
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) {
		t.Errorf("only %d of %d packages differ", n, len(names))
	}
	return names
}

// The larger app has three times the Python packages, the smaller one a third. The cases add none that is there.
func TestOtherSizesHaveThreeTimesAndAThirdOfThePackages(t *testing.T) {
	requirements := example(t, "requirements.txt")
	more := packages(t, requirements+strings.Join(lists(t, "more-python"), "\n"))
	text, err := onlyPackages(requirements, lists(t, "less-python"))
	if err != nil {
		t.Fatal(err)
	}
	want := len(packages(t, requirements))
	if less := packages(t, text); len(more) != 3*want || 3*len(less) != want {
		t.Errorf("%d packages become %d and %d", want, len(more), len(less))
	}
	npm := lists(t, "more-npm")
	for _, spec := range npm {
		if !regexp.MustCompile(`^(@[a-z-]+/)?[a-z0-9-]+@\d+\.\d+\.\d+$`).MatchString(spec) {
			t.Errorf("%q is not a package with a version", spec)
		}
	}
	for _, c := range changes {
		for _, mark := range c.packages {
			if name, _, _ := strings.Cut(mark, "=="); slices.Contains(more, name) || slices.Contains(npm, mark) {
				t.Errorf("%s is there before it is added", mark)
			}
		}
	}
}

// What the smaller app loses is in the example. Its settings name only apps whose packages are left.
func TestTheSmallerAppNeedsNothingThatIsRemoved(t *testing.T) {
	settings, err := withoutApps(example(t, "project/settings.py"), lists(t, "less-apps"))
	if err != nil {
		t.Fatal(err)
	}
	for _, app := range lists(t, "less-apps") {
		if strings.Contains(settings, app) {
			t.Errorf("the settings have %s", app)
		}
	}
	for _, name := range []string{`"django_vite"`, `"axes"`, "whitenoise.middleware", "DJANGO_VITE"} {
		if !strings.Contains(settings, name) {
			t.Errorf("the settings have no %s", name)
		}
	}
	manifest := example(t, "package.json")
	for _, name := range lists(t, "less-npm") {
		if !strings.Contains(manifest, `"`+name+`"`) {
			t.Errorf("package.json has no %s", name)
		}
	}
	if !strings.Contains(example(t, "templates/index.html"), "-07.svg") {
		t.Error("the icon that is left is not that of the page")
	}
}

// A name that is not there is an error: the list would be about another app.
func TestListsOfOtherAppsAreErrors(t *testing.T) {
	if got, err := onlyPackages("a==1\nb==2\n", []string{"a", "c"}); err == nil {
		t.Errorf("got %q", got)
	}
	if got, err := withoutApps("A = [\n    \"a\",\n    \"ab\",\n]\n", []string{"a", "b"}); err == nil {
		t.Errorf("got %q", got)
	}
	got, err := withoutApps("A = [\n    \"a\",\n    \"a.middleware\",\n    \"ab\",\n]\na = 1\n", []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("A = [\n    \"ab\",\n]\na = 1\n", got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// No two icons are equal, so that collectstatic hashes and compresses each.
func TestIconsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range moreIcons {
		text := icon(i)
		if seen[text] || len(text) < 140 || len(text) > 260 {
			t.Fatalf("icon %d is %s", i, text)
		}
		seen[text] = true
	}
}
