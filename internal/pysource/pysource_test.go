package pysource

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// written returns statements as text: the line, the blocks, and the tokens with spaces between them.
func written(statements []Statement) (lines []string) {
	for _, s := range statements {
		var texts []string
		for _, token := range s.Tokens {
			texts = append(texts, token.Text)
		}
		lines = append(lines, fmt.Sprintf("%d %s> %s", s.Line(), strings.Join(s.In, " "), strings.Join(texts, " ")))
	}
	return lines
}

func TestStatements(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   []string
	}{
		"nothing":      {"\n  # a comment\n\t\n", nil},
		"an empty end": {"a\n  ", []string{"1 > a"}},
		"comments":     {"a = 1 # b\n# c = 2\nd = '#'\n", []string{"1 > a = 1", "3 > d = '#'"}},
		"brackets":     {"a = [\n1, # one\n\n(2\n), {3:4}]\nb", []string{"1 > a = [ 1 , ( 2 ) , { 3 : 4 } ]", "6 > b"}},
		"backslash":    {"a = \\\n  1\nb\n", []string{"1 > a = 1", "3 > b"}},
		"semicolons":   {"a; b = ';';\n", []string{"1 > a", "1 > b = ';'"}},
		"line ends":    {"a\r\nb\rc\n", []string{"1 > a", "2 > b", "3 > c"}},
		"a mark first": {"\ufeffa\n", []string{"1 > a"}},
		"blocks": {"if a:\n  try:\n    b\n  except X as e:\n\tc\n  # d\nelse: e; f\ng\n", []string{"1 > if a :",
			"2 if> try :", "3 if try> b", "4 if> except X as e :", "5 if except> c", "7 > else :", "7 else> e",
			"7 else> f", "8 > g"}},
		"tabs": {"if a:\n\tb\n        c\n", []string{"1 > if a :", "2 if> b", "3 if> c"}},
		"functions": {"async def f(a: int = 1, *b) -> dict[str, int]:\n  return lambda: {1: 2}\n@d\n" +
			"class A(B): x: int = 1\n",
			[]string{"1 > async def f ( a : int = 1 , * b ) -> dict [ str , int ] :",
				"2 def> return lambda : { 1 : 2 }",
				"3 > @ d", "4 > class A ( B ) :", "4 class> x : int = 1"}},
		"a lambda in a condition": {"if lambda x: x:\n  a\n", []string{"1 > if lambda x : x :", "2 if> a"}},
		"match": {"match x:\n  case [1, y] if y: a\n  case _:\n    b\nmatch = case = 1\nmatch[1:2]\n",
			[]string{"1 > match x :", "2 match> case [ 1 , y ] if y :", "2 match case> a", "3 match> case _ :",
				"4 match case> b", "5 > match = case = 1", "6 > match [ 1 : 2 ]"}},
		"case as a name": {"case = 1\nif a: case = 2\n", []string{"1 > case = 1", "2 > if a :", "2 if> case = 2"}},
		"operators": {"a **= b != c // d -> e := f ... .5e-3j 0x1e+2\n",
			[]string{"1 > a **= b != c // d -> e := f ... .5e-3j 0x1e + 2"}},
		"three characters at the end": {"a = ...", []string{"1 > a = ..."}},
		"two characters at the end":   {"a !=", []string{"1 > a !="}},
		"one character at the end":    {"a.", []string{"1 > a ."}},
		"numbers": {"9 .0 .9 10 19 0xa 1e+2 1E-3 1+2\n",
			[]string{"1 > 9 .0 .9 10 19 0xa 1e+2 1E-3 1 + 2"}},
		"strings": {"a = 'it\\'s' \"\"\"b\n'c' \"d\\\"\"\"\" Rb'\\' # no comment'\ne\n",
			[]string{"1 > a = 'it\\'s' \"\"\"b\n'c' \"d\\\"\"\"\" Rb'\\' # no comment'", "3 > e"}},
		"f-strings": {"a = f'{b['c']!r:>{d}} {{ \\N{DASH}' f\"{e:'}\" rf'\\{x}\\d' t'{(lambda: {1: '}'})()}'\n",
			[]string{"1 > a = f'{b['c']!r:>{d}} {{ \\N{DASH}' f\"{e:'}\" rf'\\{x}\\d' t'{(lambda: {1: '}'})()}'"}},
		"quotes in f-strings": {"a = rf'\\N{'}'}' f'it\\'s' f'{f\"{\"}\"}\"}'\n",
			[]string{"1 > a = rf'\\N{'}'}' f'it\\'s' f'{f\"{\"}\"}\"}'"}},
		"an f-string of lines": {"a = f'''{\n b # '''\n}{b:\n}'''\nc\n",
			[]string{"1 > a = f'''{\n b # '''\n}{b:\n}'''", "5 > c"}},
		"letters": {"größe = Àz = a1_b09 = 'ß'\n", []string{"1 > größe = Àz = a1_b09 = 'ß'"}},
	} {
		t.Run(name, func(t *testing.T) {
			statements, complete := Read(c.source)
			if diff := cmp.Diff(c.want, written(statements)); diff != "" || !complete {
				t.Errorf("complete: %v (-want +got):\n%s", complete, diff)
			}
		})
	}
}

func TestWhatIsNotPython(t *testing.T) {
	for name, source := range map[string]string{
		"a string without an end":    "a\nb = 'c\nd'\n",
		"a long string":              "a\nb = '''c\n",
		"an f-string":                "a\nb = f'{c'\n",
		"an f-string's field":        "a\nb = f'''{c\n",
		"an f-string's format":       "a\nb = f'{c:d'\n",
		"a format that goes on":      "a\nb = f'{c:d'}'\n",
		"a format of lines":          "a\nb = f'{c:\n}'\n",
		"a field at the end":         "a\nb = f'{c",
		"a format at the end":        "a\nb = f'{c:d",
		"a backslash at the end":     "a\nb = f'\\",
		"an open bracket":            "a\nb = [c\nd\n",
		"a bracket too many":         "a\nb]\n",
		"another bracket":            "a\nb = (c]\n",
		"a character":                "a\nb = $c\n",
		"a backslash":                "a\nb \\ c\n",
		"indentation":                "a\n  b\n",
		"no indentation":             "a\nif b:\nc\n",
		"an end without a beginning": "a\nif b:\n    c\n  d\n",
		"a header without a block":   "a\nif b:\n",
		"a header without a colon":   "a\nif b\n",
		"many brackets":              "a\n" + strings.Repeat("(", maxDepth+1) + strings.Repeat(")", maxDepth+1),
		"many f-strings":             "a\n" + strings.Repeat("f'{", 10000),
		"too many f-strings":         "a\n" + deepStrings(maxDepth+1),
		"many blocks":                "a\n" + deepBlocks(maxBlocks+1),
	} {
		statements, complete := Read(source)
		if complete || len(statements) == 0 || written(statements)[0] != "1 > a" {
			t.Errorf("%s: complete: %v, %.200v", name, complete, written(statements))
		}
	}
	if statements, complete := Read("a" + strings.Repeat(" ", MaxSize)); complete || statements != nil {
		t.Error("a source that is too large is read")
	}
	for _, source := range []string{
		deepBlocks(maxBlocks), deepStrings(maxDepth), strings.Repeat("(", maxDepth) + strings.Repeat(")", maxDepth),
		"a" + strings.Repeat(" ", MaxSize-1),
	} {
		if _, complete := Read(source); !complete {
			t.Errorf("a source at its limit is not read: %.100q", source)
		}
	}
}

// deepStrings returns that many f-strings within each other.
func deepStrings(depth int) string {
	return strings.Repeat("f'{", depth) + "1" + strings.Repeat("}'", depth)
}

// deepBlocks returns that many blocks within each other.
func deepBlocks(depth int) string {
	var text strings.Builder
	for i := range depth {
		text.WriteString(strings.Repeat(" ", i) + "if a:\n")
	}
	return text.String() + strings.Repeat(" ", depth) + "b\n"
}

// Reading a source takes little time and memory, whatever it contains.
func FuzzRead(f *testing.F) {
	for _, source := range []string{
		"a = ['b', *c]\nif d: e = f'{g[\"h\"]!r:{i}}'\n", "from . import (a as b,)\ndef c(d, *, e=1): pass\n",
		"x: list = ('a' 'b') + [\"\\x41\\101\\u0041\\N{DASH}\"]\n", "match a:\n case 1: b\n", strings.Repeat("f(", 49),
		strings.Repeat("f'{", 30), "'''", "\\", "if", "async", "async def", "from", "import", "a = lambda b=1: c = d\n",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		begin := time.Now()
		statements, _ := Read(source)
		last := 1
		for _, s := range statements {
			if s.Line() < last {
				t.Errorf("line %d after line %d", s.Line(), last)
			}
			last = s.Line()
			_, _ = s.Literal()
			_, _ = s.Assignment().Value.Literals()
			_, _ = s.Function(), s.Imports()
			_, _, _ = s.Assignment().Value.Leading()
			for call := range s.EvaluatedCalls() {
				_ = call.Argument(0, "default")
			}
			for call := range s.Calls() {
				_ = call.Argument(0, "default")
			}
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%d bytes take %s", len(source), took)
		}
	})
}

func TestAlways(t *testing.T) {
	const source = "a\nwith b:\n  c\nclass D:\n  e\n  def f(): g\nif h: i\nelif x: y\ntry: j\nfinally: k\n" +
		"for l in m: n\n"
	var got []string
	statements, _ := Read(source)
	for _, s := range statements {
		if s.Always() {
			got = append(got, s.Tokens.join())
		}
	}
	want := []string{"a", "withb:", "c", "classD:", "e", "deff():", "ifh:", "try:", "forlinm:"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
