package house

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const importsFile = "imports.txt"

var update = flag.Bool("update", false, "tighten limits.toml and imports.txt to what is true today")

// Packages import what imports.txt allows, and imports.txt allows nothing else. Unlike depguard, which looks at files,
// it states the arrows of the whole product in one place.
func TestImports(t *testing.T) {
	allowed, got := readImports(t), ownImports(t)
	for _, pkg := range slices.Sorted(maps.Keys(got)) {
		row, known := allowed[pkg]
		if !known {
			t.Errorf("%s has no line of package %s. Add\n%[2]s: %[3]s", importsFile, pkg, strings.Join(got[pkg], " "))
		}
		for _, name := range got[pkg] {
			if !slices.Contains(row, name) {
				t.Errorf("%s imports %s. Move the code, or add that to its line in %s", pkg, name, importsFile)
			}
		}
	}
	tighten(t, allowed, got)
}

// tighten reports lines and packages of imports.txt that nothing needs, or removes them with -update.
func tighten(t *testing.T, allowed, got map[string][]string) {
	t.Helper()
	comment, old := splitImports(t)
	var lines strings.Builder
	for _, pkg := range slices.Sorted(maps.Keys(allowed)) {
		if _, there := got[pkg]; there {
			unused := func(name string) bool { return !slices.Contains(got[pkg], name) }
			fmt.Fprintf(&lines, "%s: %s\n", pkg, strings.Join(slices.DeleteFunc(allowed[pkg], unused), " "))
		}
	}
	text := strings.ReplaceAll(lines.String(), ": \n", ":\n")
	switch {
	case text == old:
	case *update:
		if err := os.WriteFile(importsFile, []byte(comment+"\n\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s allows what nothing imports, or is not sorted: %s", importsFile, tightenBy)
	}
}

// readImports returns the packages of ours that each package may import.
func readImports(t *testing.T) map[string][]string {
	t.Helper()
	_, lines := splitImports(t)
	all := map[string][]string{}
	for line := range strings.Lines(lines) {
		pkg, names, _ := strings.Cut(line, ":")
		all[pkg] = slices.Sorted(slices.Values(strings.Fields(names)))
	}
	return all
}

// splitImports returns the comment at the beginning of imports.txt, and the lines after the empty one.
func splitImports(t *testing.T) (comment, lines string) {
	t.Helper()
	text, err := os.ReadFile(importsFile)
	if err != nil {
		t.Fatal(err)
	}
	comment, lines, _ = strings.Cut(string(text), "\n\n")
	return comment, lines
}

// ownImports returns the packages of ours that each package of the module imports, without the imports of tests.
func ownImports(t *testing.T) map[string][]string {
	t.Helper()
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		var names []string
		for _, path := range strings.Fields(line) {
			if path == module {
				names = append(names, ".")
			} else if name, ours := strings.CutPrefix(path, module+"/"); ours {
				names = append(names, strings.TrimPrefix(name, "internal/"))
			}
		}
		slices.Sort(names[1:])
		all[names[0]] = names[1:]
	}
	return all
}
