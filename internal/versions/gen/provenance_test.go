package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestAChecksumWithoutASourceIsRefused(t *testing.T) {
	known := provenances{}
	known.add("aa", []string{"owner/one path@commit", "owner/two (to 2026)", "owner/one other"}, "signature good")
	known.add("bb", []string{"somebody said so"}, "")
	text, err := known.document(versions.Inventory{{ID: "node", Version: "24.0.0", Arch: "amd64", SHA256: "aa"}})
	if err != nil || !strings.Contains(text,
		"## node: owner/one, owner/two\n\nSignature: signature good. Archives (1):\n\n    24.0.0 amd64\n") {
		t.Errorf("%v\n%s", err, text)
	}
	for _, sum := range []string{"bb", "cc"} {
		if _, err := known.document(versions.Inventory{{ID: "node", Version: "24.0.1", Arch: "amd64", SHA256: sum}}); err == nil {
			t.Errorf("%s is accepted", sum)
		}
	}
}

func TestUVsSourceIsInTheCommentBeforeIt(t *testing.T) {
	dir := t.TempDir()
	sum := strings.Repeat("0a", 32)
	for name, text := range map[string]string{
		"node-linux.json": `{}`, "pbs-linux-gnu.json": `{}`,
		"dependencies.toml": "# sum: owner/list sums.json @1\n# agrees: others\n[[metadata.dependencies]]\nid = \"uv\"\n" +
			"version = \"1\"\n" +
			"checksum = \"sha256:" + sum + "\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known, err := provenanceOf(dir)
	if err != nil || strings.Join(known[sum].sources, " ") != "owner/list" {
		t.Errorf("%v, %v", err, known)
	}
}

// The page has each archive of the inventory, and the inventory each archive of the page.
func TestThePageIsThatOfTheInventory(t *testing.T) {
	page, err := os.ReadFile("../data.md")
	if err != nil {
		t.Fatal(err)
	}
	listed, id := map[string]int{}, ""
	for line := range strings.Lines(string(page)) {
		if rest, ok := strings.CutPrefix(line, "## "); ok {
			id, _, _ = strings.Cut(rest, ":")
		}
		if strings.HasPrefix(line, "    ") {
			for entry := range strings.SplitSeq(strings.TrimSpace(line), ", ") {
				listed[id+" "+entry]++
			}
		}
	}
	inv, err := versions.Load(t.TempDir(), os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range inv {
		listed[string(e.ID)+" "+e.Version+" "+e.Arch]--
	}
	for name, n := range listed {
		if n != 0 {
			t.Errorf("%s: %+d times more on the page than in the inventory", name, n)
		}
	}
}
