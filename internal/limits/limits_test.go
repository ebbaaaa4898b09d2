package limits

import (
	"strings"
	"testing"
)

func TestSizesOfFiles(t *testing.T) {
	for name, want := range map[string]int64{
		"uv.lock": lock, "a/package-lock.json": lock, "requirements/base.txt": lock, "pyproject.toml": settings,
		"web/.yarnrc.yml": settings,
		"package.json":    pkgJSON, "Procfile": Script, "bin/pre_compile": Script, "a/b.py": Script,
		".git/HEAD":   Script,
		"runtime.txt": version, "a/.nvmrc": version,
	} {
		if got := Size(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func TestShallowCommands(t *testing.T) {
	for command, want := range map[string]bool{
		"": true, "node x": true, strings.Repeat("(a) ", 1000): true, strings.Repeat(")", 1000): true,
		strings.Repeat("(", Depth):   true,
		strings.Repeat("(", Depth+1): false, strings.Repeat("${a:-", Depth+1): false, strings.Repeat("a",
			ProcfileLine): true,
		strings.Repeat("a", ProcfileLine+1): false,
	} {
		if got := Shallow(command); got != want {
			t.Errorf("%.20q, %d letters: %v", command, len(command), got)
		}
	}
}

func TestWideYAMLIsNotDecoded(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":         {"", ""},
		"ordinary":      {"a: [b]\n", ""},
		"invalid":       {"a: [", "line "},
		"keys":          {"x: y\na:\n" + strings.Repeat("  a:\n", 200_000), "line 3: a mapping has more than"},
		"in a list":     {"- {" + strings.Repeat("a: b, ", 3000) + "}", "line 1: a mapping has more than"},
		"another type":  {"- a", "cannot unmarshal"},
		"many mappings": {"a: [" + strings.Repeat("{a: b},", 3000) + "]", ""},
	} {
		var into map[string][]any
		err := DecodeYAML(c.text, &into)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
		if name == "ordinary" && len(into["a"]) != 1 {
			t.Errorf("%s: %v", name, into)
		}
	}
}
