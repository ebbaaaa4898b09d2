package manager

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLinesThatPipRefuses(t *testing.T) {
	for text, want := range map[string][]Line{
		"-e":                    {{Number: 1, Text: "-e"}},
		"x\n-e  # ./libs/mine":  {{Number: 2, Text: "-e"}},
		"--editable\r\n":        {{Number: 1, Text: "--editable"}},
		"-e=\n\n--editable= ":   {{Number: 1, Text: "-e="}, {Number: 3, Text: "--editable="}},
		"-e = ":                 {{Number: 1, Text: "-e ="}},
		"-e ''\n-r \"\"":        {{Number: 1, Text: "-e ''"}, {Number: 2, Text: `-r ""`}},
		"-r\n--requirement":     {{Number: 1, Text: "-r"}, {Number: 2, Text: "--requirement"}},
		"-c\n--constraint=":     {{Number: 1, Text: "-c"}, {Number: 2, Text: "--constraint="}},
		"-f\n--find-links":      {{Number: 1, Text: "-f"}, {Number: 2, Text: "--find-links"}},
		"-i\n--index-url\t":     {{Number: 1, Text: "-i"}, {Number: 2, Text: "--index-url"}},
		"x \\\n  y\n-e \\\n# x": {{Number: 3, Text: "-e"}},
		"-e \\\n":               {{Number: 1, Text: "-e"}},
		strings.Repeat("-r\n", 9): {{Number: 1, Text: "-r"}, {Number: 2, Text: "-r"}, {Number: 3, Text: "-r"},
			{Number: 4, Text: "-r"}},
		"-e ./x\n-rx\n-cx\n--find-links=x\n-i\thttps://packages.example.com": nil,
		"-e \\\n  ./x\n-ex\n--editables\n-\n--\n--foo\n-x\nx -e":             nil,
	} {
		got := newRequirements().Read(appOf(map[string]string{"requirements.txt": text}),
			[]string{"requirements.txt"}).Refused
		for i := range got {
			if got[i].File != "requirements.txt" || got[i].Wants == "" {
				t.Errorf("%q: got %+v", text, got[i])
			}
			got[i].File, got[i].Wants = "", ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestALineThatPipRefusesIsInTheFileOfTheApp(t *testing.T) {
	files := map[string]string{"requirements.txt": "-r sub/more.txt\n", "sub/more.txt": "-e\n"}
	s := newRequirements().Read(appOf(files), []string{"requirements.txt"}).In("backend")
	if len(s.Refused) != 1 || s.Refused[0].File != "backend/sub/more.txt" || s.Refused[0].Number != 1 {
		t.Errorf("got %+v", s.Refused)
	}
}

func TestOptionsOfALine(t *testing.T) {
	for line, want := range map[string][2]string{
		"-e x": {"editable", "x"}, "-ex": {"editable", "x"}, "--editable=x": {"editable", "x"},
		"--editable  x y": {"editable", "x y"},
		"-r = x":          {"requirement", "x"}, `--find-links "a b"`: {"find-links", "a b"}, "--pre": {"pre", ""},
		"--foo1 x":                            {"foo1", "x"},
		"--az09 x":                            {"az09", "x"},
		"--" + strings.Repeat("a", 64) + "=x": {strings.Repeat("a", 64), "x"},
		"-":                                   {"", ""}, "--": {"", ""}, "--Foo": {"", ""}, "--foo\x1b x": {"", ""},
		"-x y": {"", "y"}, "--" +
			strings.Repeat("a", 65): {"", ""},
	} {
		if name, value := cutOption(line); name != want[0] || value != want[1] {
			t.Errorf("%q: got %q and %q", line, name, value)
		}
	}
}

// What is not understood is counted, and costs no more than the text that says it.
func TestManyLinesAreCounted(t *testing.T) {
	var different strings.Builder
	for i := range maxNoted {
		fmt.Fprintf(&different, "--foo%d bar\n", i)
	}
	for name, c := range map[string]struct {
		text    string
		options int
		notes   []string
	}{
		"the same": {strings.Repeat("--foo bar\n", 300_000), 1, []string{"--foo (requirements.txt)"}},
		"different": {different.String(), maxNoted, []string{"--foo0 ", "--foo1 ", "--foo2 ", "--foo3 ", "--foo4 ",
			"and 99995 more of this kind"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRequirements().Read(appOf(map[string]string{"requirements.txt": c.text}),
				[]string{"requirements.txt"})
			if len(s.Options) != c.options || len(s.Notes) != len(c.notes) || s.Err != nil {
				t.Fatalf("%d options, notes %q, error %v", len(s.Options), s.Notes, s.Err)
			}
			for i, note := range s.Notes {
				if !strings.Contains(note, c.notes[i]) {
					t.Errorf("note %q, want %q in it", note, c.notes[i])
				}
			}
		})
	}
}

func TestLimitsOfRequirements(t *testing.T) {
	chain := func(n int) map[string]string {
		files := map[string]string{"requirements.txt": "-r r1.txt\n"}
		for i := 1; i <= n; i++ {
			files[fmt.Sprintf("r%d.txt", i)] = fmt.Sprintf("-r r%d.txt\n-c ./r%d.txt\n", i+1, i)
		}
		return files
	}
	var paths, missing strings.Builder
	for i := range maxNoted + 1 {
		fmt.Fprintf(&paths, "./p%d\n", i)
		fmt.Fprintf(&missing, "-r m%d\n", i)
	}
	few, _, _ := strings.Cut(missing.String(), fmt.Sprintf("-r m%d\n", maxIncluded))
	long := strings.Repeat("x==1.0\n", maxRequirements/14+1)
	for name, c := range map[string]struct {
		files map[string]string
		read  int
		want  string // the error's beginning
	}{
		"a loop": {map[string]string{"requirements.txt": "-r a.txt\n",
			"a.txt": "-r ./requirements.txt\n-r b/../a.txt\n"}, 2, ""},
		"as many files": {chain(maxIncluded), maxIncluded + 1, ""},
		"more files":    {chain(maxIncluded + 1), maxIncluded + 2, "more than 2000 files"},
		"more bytes": {map[string]string{"requirements.txt": "-r a\n" + long, "a": long}, 2,
			"with the files that it includes it has more than 16 MB"},
		"more paths":           {map[string]string{"requirements.txt": paths.String()}, 1, "more than 100000 lines"},
		"as many absent files": {map[string]string{"requirements.txt": few + "-r there\n", "there": ""}, 2, ""},
		"as many bytes": {map[string]string{"requirements.txt": "-r a\n",
			"a": strings.Repeat("#", maxRequirements-len("-r a\n"))}, 2, ""},
		"absent files":     {map[string]string{"requirements.txt": missing.String()}, 1, ""},
		"the limits' edge": {map[string]string{"requirements.txt": long, "a": long}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			src, asked := appOf(c.files), 0
			text := src.Text
			src.Text = func(name string) (string, bool) { asked++; return text(name) }
			s := newRequirements().Read(src, []string{"requirements.txt"})
			if len(s.Files) != c.read || (s.Err == nil) != (c.want == "") || s.Err != nil &&
				!strings.HasPrefix(s.Err.Error(), c.want) {
				t.Errorf("%d files are read, error %v", len(s.Files), s.Err)
			}
			if asked > 2*maxIncluded+100 {
				t.Errorf("%d files are looked for", asked)
			}
		})
	}
}

func TestLines(t *testing.T) {
	for text, want := range map[string][]string{
		"a # b\n#c\n\n d#e #f\r\n\t# g\nh#i": {"a", "d#e", "h#i"},
		"a \\\nb\\":                          {`a \`, `b\`},
	} {
		if diff := cmp.Diff(want, Lines(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// Memory is in proportion to the text, whatever a line looks like.
func TestALineCostsWhatItHas(t *testing.T) {
	const size = 4 << 20
	for name, text := range map[string]string{
		"words":      strings.Repeat("a ", size/2-1),
		"an option":  "--foo " + strings.Repeat("a ", size/2-10),
		"an include": "-r " + strings.Repeat("a ", size/2-10),
		"comments":   strings.Repeat("a#", size/2-1),
		"continued":  strings.Repeat("\\\n", size/2-1),
		"refused":    strings.Repeat("-e\n", size/3-1),
		"includes":   strings.Repeat("-ra\n", size/4-1),
		"paths":      strings.Repeat("./a\n", size/4-1),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		newRequirements().Read(appOf(map[string]string{"requirements.txt": text}), []string{"requirements.txt"})
		took := time.Since(begin)
		runtime.ReadMemStats(&after)
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 40 || took > 5*time.Second {
			t.Errorf("%s: %d MB, %s", name, mb, took)
		}
	}
}
