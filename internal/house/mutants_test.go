package house

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The list of changes that change nothing is about lines that exist. make mutants takes too long to find out.
func TestEquivalentMutantsAreOfLinesThatExist(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "scripts/mutants/equivalent.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for entry := range strings.Lines(string(data)) {
		if strings.HasPrefix(entry, "#") {
			continue
		}
		parts := strings.Split(strings.TrimSpace(entry), "\t")
		if len(parts) != 4 || !slices.Contains([]string{"boundary", "negation", "logical"}, parts[1]) {
			t.Errorf("not a file, a change, a line and a reason with tabs between them: %q", entry)
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, parts[0]))
		is := func(line string) bool { return strings.TrimSpace(line) == parts[2] }
		if err != nil || !slices.ContainsFunc(strings.Split(string(text), "\n"), is) {
			t.Errorf("%s does not have the line %q, %v", parts[0], parts[2], err)
		}
	}
}
