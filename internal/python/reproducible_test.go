package python

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/hostile"
	"github.com/tandem-cnb/tandem/internal/tree"
)

const token = hostile.Secret + "Token"

func TestTimesAreTakenOutOfAnEnvironment(t *testing.T) {
	venv := t.TempDir()
	info := filepath.Join(venv, "lib/python3.13/site-packages/mine-1.dist-info")
	err := errors.Join(os.MkdirAll(info, 0o755),
		os.WriteFile(filepath.Join(info, "uv_cache.json"), []byte(`{"timestamp": 1}`), 0o644),
		os.WriteFile(filepath.Join(info, "RECORD"),
			[]byte("mine.py,sha256=a,1\nmine-1.dist-info/uv_cache.json,sha256=b,2\nmine-1.dist-info/RECORD,,\n"),
			0o644))
	if err := errors.Join(err, makeReproducible(venv)); err != nil {
		t.Fatal(err)
	}
	record, err := os.ReadFile(filepath.Join(info, "RECORD"))
	if want := "mine.py,sha256=a,1\nmine-1.dist-info/RECORD,,\n"; err != nil || string(record) != want {
		t.Errorf("got %q, %v, want %q", record, err, want)
	}
	if _, err := os.Stat(filepath.Join(info, "uv_cache.json")); err == nil {
		t.Error("uv_cache.json is still there")
	}
}

// What is written is what an installer checks: the hash and the size of RECORD are those of the file.
func TestAddressesOfInstalledPackagesAreCut(t *testing.T) {
	venv := t.TempDir()
	site := filepath.Join(venv, "lib", "python3.13", "site-packages")
	put := func(name, text string) {
		file := filepath.Join(site, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text),
			0o644)); err != nil {
			t.Fatal(err)
		}
	}
	const plain = `{"dir_info": {}, "url": "https://h.example.com/a.zip"}`
	cached := filepath.Join(t.TempDir(), "cached")
	put("a-1.dist-info/direct_url.json",
		`{"url": "https://u:p@ss@h.example.com/a.zip?b='c&token=`+token+`#sha256=0", "archive_info": {}}`)
	put("a-1.dist-info/RECORD",
		"a.py,,\na-1.dist-info/direct_url.json,sha256=x,99\na-1.dist-info/uv_cache.json,,\r\na-1.dist-info/RECORD,,\n")
	put("a-1.dist-info/uv_cache.json", "{}")
	put("b-1.dist-info/direct_url.json", plain)
	put("b-1.dist-info/RECORD", "b-1.dist-info/direct_url.json,sha256=y,98\n")
	put("c-1.dist-info/direct_url.json", `"https://u:`+token+`@h" broken`)
	put("../../../src/d/.git/config", token)
	put("../../../src/d/d.py", "")
	if err := errors.Join(os.Link(filepath.Join(site, "a-1.dist-info/direct_url.json"), cached),
		makeReproducible(venv)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a-1.dist-info/direct_url.json": `{"archive_info":{},"url":"https://h.example.com/a.zip#sha256=0"}`,
		"a-1.dist-info/RECORD":          "a.py,,\na-1.dist-info/direct_url.json,sha256=pVqD7W3QwXxJxhnMdUo0h4CA-vjPS4w0o_DQr82MDYY,64\na-1.dist-info/RECORD,,\n",
		"b-1.dist-info/direct_url.json": plain, "b-1.dist-info/RECORD": "b-1.dist-info/direct_url.json,sha256=y,98\n",
		"c-1.dist-info/direct_url.json": `"https://h" broken`,
	} {
		if got, err := os.ReadFile(filepath.Join(site, name)); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	if tree.IsDir(os.DirFS(venv), "src/d/.git") || !tree.IsFile(os.DirFS(venv), "src/d/d.py") {
		t.Error("of a clone the files are wanted, and .git is not")
	}
	if text, err := os.ReadFile(cached); err != nil || !strings.Contains(string(text), token) {
		t.Errorf("the file of the cache is changed: %s, %v", text, err)
	}
}
