package apt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A sample in conf.avail removes the directories that are named before it, so that a program would have no font.
func TestFontsAreNamedAfterTheSettings(t *testing.T) {
	target := target{dir: t.TempDir()}
	file := filepath.Join(target.dir, "fonts.conf")
	if err := target.writeFonts(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("there are settings without fonts")
	}
	root := filepath.Join(target.dir, rootDir)
	if err := os.MkdirAll(filepath.Join(root, "usr/share/fonts/truetype"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := target.writeFonts(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), root+"/etc/fonts/conf.d</include>")
	if !ok || !strings.Contains(after, "<dir>"+root+"/usr/share/fonts</dir>") ||
		strings.Contains(string(text), "conf.avail") {
		t.Errorf("%s", text)
	}
}
