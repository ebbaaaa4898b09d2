package node

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// write writes files below dir, with the directories above them.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProgramsOfAPackageManager(t *testing.T) {
	for name, c := range map[string]struct {
		bin     string
		want    string // what bin/tool leads to, or the script
		fail    bool
		manager manager.NodeData
	}{
		"by name":      {`{"tool": "./cli.js"}`, "../node_modules/@a/tool/cli.js", false, manager.NodeData{}},
		"the only one": {`"cli.js"`, "../node_modules/@a/tool/cli.js", false, manager.NodeData{}},
		"no interpreter": {`{"tool": "plain"}`, "#!/bin/sh\nexec sh DIR/node_modules/@a/tool/plain \"$@\"\n", false,
			manager.NodeData{}},
		"none": {`{}`, "", false, manager.NodeData{}},
		"of the manager": {`{"other": "x"}`, "../node_modules/@a/tool/cli.js", false,
			manager.NodeData{Programs: []string{"tool"}, Program: manager.Program{File: "cli.js"}}},
		"outside of the package": {`{"tool": "../other.js"}`, "", true, manager.NodeData{}},
		"a path as its name":     {`{"../tool": "cli.js"}`, "", true, manager.NodeData{}},
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{
			"node_modules/@a/tool/package.json": `{"version": "1.2.3", "bin": ` + c.bin + `}`,
			"node_modules/@a/tool/cli.js":       "#!/usr/bin/env node\n", "node_modules/@a/tool/plain": "true\n",
			"node_modules/@a/other.js": "#!/usr/bin/env node\n",
		})
		known, err := linkTool(dir, "@a/tool", c.manager)
		link := filepath.Join(dir, "bin", "tool")
		got, reading := os.Readlink(link)
		if reading != nil {
			script, _ := os.ReadFile(link)
			got = replaced(string(script), dir)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		ok := err == nil && len(known.BOM) == 1 && known.Facts["version"] == "1.2.3" &&
			known.BOM[0].PURL == "pkg:npm/%40a/tool@1.2.3"
		if ok == c.fail || (err != nil) != c.fail {
			t.Errorf("%s: %+v, %v", name, known, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 2 {
			t.Errorf("%s: %v", name, entries)
		}
	}
}
