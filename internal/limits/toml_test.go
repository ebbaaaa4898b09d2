package limits

import (
	"fmt"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

func TestDeepTOMLIsNotParsed(t *testing.T) {
	deepHeader := "[" + strings.Repeat("a.", 90) + "a]\n"
	many := func(key string, count int) string { return strings.Repeat(key, count) }
	for name, text := range map[string]string{
		"inline tables":          "\na = " + many("{a=", 12000),
		"closed inline tables":   "\na = " + many("{a=", 3000) + "1" + many("}", 3000),
		"arrays":                 "\na = " + many("[", 900_000),
		"dotted key":             "\n" + many("a.", 20000) + "a = 1",
		"dotted and quoted key":  "\n" + many(`"a".`, 20000) + "a = 1",
		"dotted header":          "\n[" + many("a.", 20000) + "a]",
		"dotted key in a table":  "\nx = {" + many("a.", 120) + "a = 1}",
		"keys below a header":    deepHeader + many("a=1\n", 15000),
		"keys, an indented one":  many(" ", 200) + deepHeader + many("a=1\n", 15000),
		"tables below a header":  deepHeader + "x = [" + many("{a=1},", 15000) + "]",
		"keys of quoted headers": "[" + many(`"a".`, 90) + "a]\n" + many("a=1\n", 15000),
	} {
		var into map[string]any
		_, err := DecodeTOML(text, &into)
		if err == nil || !strings.Contains(err.Error(), "deep") || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %.100v", name, err)
		}
		if strings.HasPrefix(text, "\n") && !strings.HasPrefix(err.Error(), "line 2 ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is not deep is left to the parser, with its own errors.
func TestOrdinaryTOMLIsParsedAsItIs(t *testing.T) {
	for _, text := range []string{
		"", "a = 1", "a = ", "[", "a = 'x\n", "a = \"\\", "[tool.x]\na = '" + strings.Repeat("[{", 2000) + "'\n",
		"b = \"\"\"\n" + strings.Repeat("[{\n", 2000) + "\"\"\"\n# " + strings.Repeat("[", 2000) + "\n",
		"a = '''" + strings.Repeat("[", 200) + "\\'''\nb = 1", "a = \"\\\"" + strings.Repeat("[", 200) + "\"",
		"a = [" + strings.Repeat("1.5,\n", 500) + "]",
		strings.Repeat("[[a.b]]\nc = {d = 1.5, e = [{f = 'x.y.z'}]}\n", 200),
		"# " + strings.Repeat(".", 500) + "\na.b.c = 1\n", "\xff\x00", strings.Repeat("]", 500) + "[a]",
	} {
		var want, got map[string]any
		_, wantErr := toml.Decode(text, &want)
		_, gotErr := DecodeTOML(text, &got)
		if diff := cmp.Diff(want, got); diff != "" || fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
			t.Errorf("%.60q: %v, want %v (-want +got):\n%s", text, gotErr, wantErr, diff)
		}
	}
}

// The line is the one at which an editor shows the place.
func TestTheLineOfWhatIsTooDeep(t *testing.T) {
	before := "a = \"\"\"\n\\\n\n\"\"\"\nb = '''\n'''\nc = \"x\" # y\n"
	var into map[string]any
	_, err := DecodeTOML(before+"d = "+strings.Repeat("[", 200), &into)
	if want := fmt.Sprintf("line %d is nested more than %d levels deep", strings.Count(before, "\n")+1,
		Depth); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

type lockfile struct {
	Version int
	Options struct{ Newer string }
	Package []struct {
		Name   string
		Source struct{ Directory, Registry string }
	}
}

// Of a large lockfile the same is read as of a small one.
func TestLargeLocksAreReadInParts(t *testing.T) {
	entry := "[[package]]\nname = \"p\"\n\"source\" = { registry = \"x\" }\nfiles = [\n" +
		"    { source = \"[[package]]\" },\n]\n" +
		"text = \"\"\"\nsource = 1\n[[package]]\n\"\"\"\n[[package]]\nname = 'q'\n" +
		"source = { directory = \"a\\\"]\" } # ]\n[package.other]\nname = 'z'\n"
	small := "version = 1\n[options]\nnewer = \"2025\"\n" + entry
	large := small + strings.Repeat(entry, maxWhole/len(entry))
	var of, all lockfile
	tables, keys := []string{"[options]", "[[package]]", "[package.other]"}, []string{"name", "source", "newer",
		"version"}
	for text, into := range map[string]*lockfile{small: &of, large: &all} {
		if err := DecodeLock(text, into, tables, keys); err != nil {
			t.Fatal(err)
		}
	}
	if len(all.Package) <= len(of.Package) || len(of.Package) != 2 {
		t.Fatalf("%d and %d packages", len(of.Package), len(all.Package))
	}
	all.Package = all.Package[:2]
	if diff := cmp.Diff(of, all); diff != "" {
		t.Errorf("(-small +large):\n%s", diff)
	}
	for name, text := range map[string]string{
		"deep":     large + "x = " + strings.Repeat("[", 200),
		"too many": large + strings.Repeat("[[package]]\n", maxParts/10),
		"invalid":  large + "name = {\n",
	} {
		if err := DecodeLock(text, &all, tables, keys); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzTOML(f *testing.F) {
	for _, text := range []string{"a = 1\n[b.c]\nd = '''x\n'''\n", "a = \"\"\"\\\n\"\"\"\n# x",
		"[[a]]\nb = [{c = \"]\"}, 1.5]", "'", "\"\\", "[\n'''"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, last := scan(text), 0
		for s.pos < len(text) {
			if s.statement(); s.pos <= last || s.pos > len(text) {
				t.Fatalf("from %d to %d of %d", last, s.pos, len(text))
			}
			last = s.pos
		}
		if s := scan(text); checkDepth(text, maxKeys) == nil {
			for s.pos < len(text) {
				s.next()
			}
			var into map[string]any
			if _, err := toml.Decode(text, &into); err == nil && s.line != strings.Count(text, "\n")+1 {
				t.Errorf("line %d, want %d", s.line, strings.Count(text, "\n")+1)
			}
		}
	})
}
