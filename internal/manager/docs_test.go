package manager

import (
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var update = flag.Bool("update", false, "write what the code has into the documentation")

const filesPage = "../../docs/reference/files.md"

var codeSpan = regexp.MustCompile("`([^`]+)`")

// The page of files has each lockfile with the commands that install its packages.
func TestInstallCommandsAreDocumented(t *testing.T) {
	for _, m := range Pythons() {
		commands := [][]string{{"--no-root"}}
		for _, c := range m.Commands(Target{Wanted: Wanted{Root: true}}) {
			commands = append(commands, c.Argv)
		}
		isOne := func(span string) bool {
			in := func(c []string) bool { return hasInOrder(c, strings.Fields(span)) }
			return slices.ContainsFunc(commands, in)
		}
		checkCommands(t, m.Data().Lock, isOne)
	}
	for _, m := range Nodes() {
		for _, lock := range m.Data().Locks {
			locked := strings.Join(m.Data().Commands.Locked, " ")
			checkCommands(t, lock, func(span string) bool { return span == locked })
		}
	}
}

// checkCommands reports an error unless a row of the lockfile has commands, and isOne holds for all of them.
func checkCommands(t *testing.T, lock string, isOne func(span string) bool) {
	t.Helper()
	pattern := regexp.MustCompile("(?m)^\\| [^|]*`" + regexp.QuoteMeta(lock) + "`[^|]*\\| (.*) \\|$")
	for _, row := range pattern.FindAllStringSubmatch(pages.Read(t, filesPage), -1) {
		spans := codeSpan.FindAllStringSubmatch(row[1], -1)
		isOther := func(span []string) bool { return !isOne(span[1]) }
		if len(spans) > 0 && !slices.ContainsFunc(spans, isOther) {
			return
		}
	}
	t.Errorf("%s has no row of %s with its commands", filesPage, lock)
}

// hasInOrder reports whether a command begins with the first of words and has all others in their order.
func hasInOrder(command, words []string) bool {
	if len(command) == 0 || command[0] != words[0] {
		return false
	}
	for _, word := range command {
		if len(words) > 0 && word == words[0] {
			words = words[1:]
		}
	}
	return len(words) == 0
}

// toolVersion matches a version of a tool and the Python that it is for.
var toolVersion = regexp.MustCompile(`(?m)^[a-z]+==(\S+) ; python_full_version (<|>=) '3\.10'`)

// The page has the versions of the package managers that come from the package index.
func TestVersionsOfToolsAreDocumented(t *testing.T) {
	var rows [][]string
	for _, m := range pythons() {
		if m.Data().Tool == "" {
			continue
		}
		versions := map[string]string{}
		own := regexp.MustCompile("(?m)^" + strings.ToLower(m.Data().Name) + "==.*$")
		for _, line := range own.FindAllString(m.Data().Tool, -1) {
			if found := toolVersion.FindStringSubmatch(line); found != nil {
				versions[found[2]] = found[1]
			}
		}
		if versions["<"] == "" || versions[">="] == "" {
			t.Errorf("%s has the versions %q", m.Data().Name, versions)
		}
		rows = append(rows, []string{m.Data().Name, versions[">="], versions["<"]})
	}
	head := []string{"package manager", "with Python 3.10 and later", "with Python 3.9"}
	pages.Check(t, filesPage, "tools", pages.Table(head, rows), *update)
}

// The page of variables lists those that package managers do not see.
func TestHiddenVariablesAreDocumented(t *testing.T) {
	var rows [][]string
	for _, group := range []struct {
		of    string
		names []string
	}{{"of Python, its tools, shells and git", misleading()}, {"of npm, Yarn, pnpm and bun", misleadingNode()}} {
		var names []string
		for _, name := range slices.Sorted(slices.Values(group.names)) {
			names = append(names, "`"+name+"`")
		}
		rows = append(rows, []string{group.of, strings.Join(names, ", ")})
	}
	table := pages.Table([]string{"", "variables"}, rows)
	pages.Check(t, "../../docs/reference/environment.md", "hidden", table, *update)
}
