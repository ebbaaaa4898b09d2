package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var updateGolden = flag.Bool("update", false, "write the wanted files anew")

// recorded is a run of the generator: the files before it, upstream's answers, and what is wanted.
type recorded struct {
	archive *txtar.Archive
	before  files
	answers map[string]string
	want    map[string]string // files that change, and the report
}

// newReleases has recorded answers of upstream, and what becomes of them.
const newReleases = "testdata/new.txtar"

func readRecorded(t *testing.T) recorded {
	t.Helper()
	archive, err := txtar.ParseFile(newReleases)
	if err != nil {
		t.Fatal(err)
	}
	refused, err := os.ReadFile("refused.toml")
	if err != nil {
		t.Fatal(err)
	}
	r := recorded{archive, files{refusedFile: string(refused)}, map[string]string{}, map[string]string{}}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "before/"); ok {
			r.before[name] = string(f.Data)
		} else if name, ok := strings.CutPrefix(f.Name, "want/"); ok {
			r.want[name] = string(f.Data)
		} else {
			r.answers[f.Name] = string(f.Data)
		}
	}
	return r
}

// ask answers from the record.
func (r recorded) ask(_ context.Context, name string) (io.ReadCloser, error) {
	answer, ok := r.answers[name]
	if !ok {
		return nil, errors.New("not recorded")
	}
	return io.NopCloser(strings.NewReader(answer)), nil
}

const today = "2026-11-15"

func TestWhatIsNewIsAdded(t *testing.T) {
	const name = newReleases
	r := readRecorded(t)
	after, report, err := update(t.Context(), r.before, r.ask, today)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"report.md": report}
	for file, text := range after {
		if text != r.before[file] {
			got[file] = text
		}
	}
	if *updateGolden {
		isWanted := func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") }
		r.archive.Files = slices.DeleteFunc(r.archive.Files, isWanted)
		for _, file := range slices.Sorted(maps.Keys(got)) {
			r.archive.Files = append(r.archive.Files, txtar.File{Name: "want/" + file, Data: []byte(got[file])})
		}
		if err := os.WriteFile(name, txtar.Format(r.archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(r.want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, report, err := update(t.Context(), with(r.before, after), r.ask, "2027-01-15")
	if diff := cmp.Diff(after, again); diff != "" || err != nil {
		t.Errorf("a second run changes something: %v (-first +second):\n%s", err, diff)
	}
	if want := "## Not complete upstream\n\n- Node.js 26.12.0" + lacking + "\n"; report != want {
		t.Errorf("the second report is:\n%s", report)
	}
}

func with(all files, changed files) files {
	out := maps.Clone(all)
	maps.Copy(out, changed)
	return out
}

// A source that does not answer, an answer that is not as it should be and one that contradicts a file are errors that
// name the source. Nothing is written.
func TestWrongAnswersAreErrors(t *testing.T) {
	const (
		sums = "https://nodejs.org/dist/v24.21.0/SHASUMS256.txt"
		pnpm = "npm view pnpm@10 version dist.integrity --json"
		pip  = "uv pip compile --universal --python-version 3.9 --generate-hashes --no-header --no-annotate " +
			"--no-emit-index-url - < pip"
		again = "before/"
	)
	uv16 := `0.12.16/uv-x86_64-unknown-linux-gnu.tar.gz","archive_format":"tar.gz","sha256":"`
	python05 := `20260805-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz","archive_format":"tar.gz","sha256":"`
	for name, c := range map[string]struct{ in, old, change, want string }{
		"no index":               {nodeIndex, "", "", nodeIndex + " does not answer: not recorded"},
		"no list of uv":          {uvReleases, "", "", uvReleases + " does not answer"},
		"no list of Python":      {pythonReleases, "", "", pythonReleases + " does not answer"},
		"no schedule of Node.js": {nodeSchedule, "", "", nodeSchedule + " does not answer"},
		"no schedule of Python":  {pythonSchedule, "", "", pythonSchedule + " does not answer"},
		"no registry":            {pnpm, "", "", pnpm + " does not answer"},
		"no uv":                  {pip, "", "", pip + " does not answer"},
		"no digests":             {sums, "", "", sums + " does not answer"},
		"a page for an index":    {nodeIndex, "[\n", "<html>", "parse " + nodeIndex},
		"half an index":          {nodeIndex, "\n]\n", "", "parse " + nodeIndex},
		"an empty index":         {nodeIndex, "*", "[]", nodeIndex + " lists no releases"},
		"an LTS number":          {nodeIndex, `"Krypton"`, "24", "parse " + nodeIndex},
		"another LTS name": {
			nodeIndex, `"Carbon"`, `"Chlorine"`,
			"calls Node.js 8 Chlorine, and series.json calls it Carbon",
		},
		"no version":     {nodeIndex, `"v24.21.0"`, `"latest"`, nodeIndex + `: version "latest"`},
		"a short digest": {sums, "724282c3", "24282c3", "has no SHA-256 of node-v24.21.0-linux-arm64.tar.gz"},
		"an archive less": {
			sums, "-linux-x64.tar.gz", "-sunos-x64.tar.gz",
			"has no SHA-256 of node-v24.21.0-linux-x64",
		},
		"half a line":     {uvReleases, `]}`, "", "parse " + uvReleases},
		"a version of uv": {uvReleases, `"0.12.24"`, `"0.12"`, uvReleases + `: version "0.12"`},
		"another host": {
			uvReleases, "https://github.com/astral-sh/uv/releases/download/0.12.24/uv-x86_64-unknown-linux-gnu",
			"https://example.com/0.12.24", "https://example.com/0.12.24.tar.gz, which is not expected",
		},
		"another digest of uv": {
			uvReleases, uv16, uv16 + "0",
			"uv-x86_64-unknown-linux-gnu.tar.gz has the SHA-256",
		},
		"another digest of CPython": {pythonReleases, python05, python05 + "0", "has the SHA-256"},
		"not a digest":              {uvReleases, "b4dfaef4", "B4DFAEFG", "sha256"},
		"no build":                  {pythonReleases, "3.14.8+20261003", "3.14.8", `"3.14.8" has no date of a build`},
		"no lines":                  {pythonReleases, "*", "", "parse " + pythonReleases},
		"no end of a new series": {
			pythonSchedule, `[metadata."3.10"]`, `[metadata."3.1"]`,
			"no end of support of CPython 3.10",
		},
		"no date": {
			nodeSchedule, `"2029-04-30"`, `"April"`,
			`no end of support of Node.js 26: "April"`,
		},
		"an invalid schedule":    {pythonSchedule, "pep = 619", "pep =", "parse " + pythonSchedule},
		"another digest of pnpm": {pnpm, "sha512-9ieo6", "sha512-9iep6", "pnpm 10.34.8 has the digest sha512-9ieo6"},
		"another kind of digest": {pnpm, "sha512-9Jta", "sha1-9Jta", "is not a version with a SHA-512"},
		"a word for a registry":  {pnpm, "[", "null [", "parse " + pnpm},
		"a requirement's address": {
			pip, "pip==26.0.1 ;", "pip @ https://example.com/pip.whl ;",
			"is not a requirement with",
		},
		"a requirement's option": {
			pip, "pip==26.0.1", "--index-url x\npip==26.0.1",
			`"--index-url x" is not a requirement`,
		},
		"no digest": {pip, "pip==26.0.1", "six==1.0\npip==26.0.1", `"six==1.0" is not a requirement`},
		"another tool": {
			pip, "*", "six==1.0 \\\n    --hash=sha256:" + strings.Repeat("0", 64) + "\n",
			"there is no pip",
		},
		"an invalid inventory": {again + inventoryFile, `"arch":"amd64"`, `"arch":""`, "arch is missing"},
		"an archive without a source": {
			again + pageFile, "24.20.0 amd64, ", "", "node 24.20.0 amd64: its digest has no source in data.md",
		},
		"twice on the page": {
			again + pageFile, "24.20.0 amd64, ", "24.20.0 arm64, ", "parse data.md: node 24.20.0 arm64 is there twice",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := readRecorded(t)
			texts, key := r.answers, c.in
			if file, ok := strings.CutPrefix(c.in, again); ok {
				texts, key = r.before, file
			}
			switch c.old {
			case "":
				delete(texts, key)
			case "*":
				texts[key] = c.change
			default:
				changed := strings.Replace(texts[key], c.old, c.change, 1)
				if changed == texts[key] {
					t.Fatalf("%q is not in the answer", c.old)
				}
				texts[key] = changed
			}
			after, _, err := update(t.Context(), r.before, r.ask, today)
			if err == nil || !strings.Contains(err.Error(), c.want) || after != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// All sources that do not answer are named, and the files stay as they are.
func TestNothingIsWrittenWithoutAnswers(t *testing.T) {
	dir := t.TempDir()
	r := readRecorded(t)
	for name, text := range r.before {
		file := filepath.Join(dir, "versions", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	silent := func(context.Context, string) (io.ReadCloser, error) { return nil, errors.New("no route to host") }
	_, err := run(t.Context(), filepath.Join(dir, "versions"), silent, today)
	for _, name := range []string{
		nodeIndex, uvReleases, pythonReleases, nodeSchedule, pythonSchedule, "npm view pnpm@10 ", "< poetry",
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	compareFiles(t, dir, r.before)
	if _, err = run(t.Context(), filepath.Join(dir, "versions"), r.ask, today); err != nil {
		t.Fatal(err)
	}
	compareFiles(t, dir, with(r.before, without(r.want, "report.md")))
}

func without(all map[string]string, name string) files {
	out := maps.Clone(all)
	delete(out, name)
	return out
}

func compareFiles(t *testing.T, dir string, want files) {
	t.Helper()
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, "versions", name))
		if err != nil || string(got) != text {
			t.Errorf("%s: %v\n%s", name, err, cmp.Diff(text, string(got)))
		}
	}
	count := 0
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			count++
		}
		return err
	})
	if err != nil || count != len(want) {
		t.Errorf("%d files, %v", count, err)
	}
}
