package pysource

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// one returns the only statement of a source.
func one(t *testing.T, source string) Statement {
	t.Helper()
	statements, complete := Read(source)
	if len(statements) != 1 || !complete {
		t.Fatalf("%q has %d statements, complete: %v", source, len(statements), complete)
	}
	return statements[0]
}

func TestAssignments(t *testing.T) {
	for source, want := range map[string]string{
		"a = 1":                      "[a] false 1",
		"a: dict[str, int] = 1":      "[a] false 1",
		"a = b = f(c=1)":             "[a b] false f(c=1)",
		"a.b = c['d'] = e = 2":       "[e] false 2",
		"a, b = 1, 2":                "[] false 1,2",
		"a += [1]":                   "[a] true [1]",
		"a = lambda b=1: b":          "[a] false lambdab=1:b",
		"a: int":                     "[] false ",
		"a == b":                     "[] false ",
		"f(a=1)":                     "[] false ",
		"a -= 1":                     "[] false ",
		"assert (lambda b=1: b)":     "[] false ",
		"yield lambda b=1: (c := 1)": "[] false ",
	} {
		a := one(t, source).Assignment()
		if got := fmt.Sprint(a.Names, " ", a.Adds, " ", a.Value.join()); got != want {
			t.Errorf("%s: got %s, want %s", source, got, want)
		}
	}
}

func TestFunctions(t *testing.T) {
	for source, want := range map[string]Function{
		"def f(): pass": {Name: "f"},
		"async def f(a, b: int, /, c=1, *d, e: str, g=(1, 2), **h): pass": {"f", true, []string{"a", "b", "e"}},
		"def f[T](a: dict[str, int] = {}) -> (1): pass":                   {Name: "f"},
		"def f(a, b: int = 1,): pass":                                     {"f", false, []string{"a"}},
		"def f: pass":                                                     {Name: "f"}, // which Python refuses
	} {
		statements, _ := Read(source)
		if diff := cmp.Diff(want, statements[0].Function()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
	for _, source := range []string{"a = 1", "async with a: b", "def"} {
		if statements, _ := Read(source); len(statements) > 0 && statements[0].Function().Name != "" {
			t.Errorf("%s defines a function", source)
		}
	}
}

func TestImports(t *testing.T) {
	for source, want := range map[string][]Import{
		"import os":                      {{"os", "", "os"}},
		"import os.path, sys as s":       {{"os.path", "", "os"}, {"sys", "", "s"}},
		"from .base import *":            {{".base", "*", "*"}},
		"from ... import a":              {{"...", "a", "a"}},
		"from a.b import (c as d,\n e,)": {{"a.b", "c", "d"}, {"a.b", "e", "e"}},
		"a = 1":                          nil,
		"raise from_x":                   nil,
		"a import b":                     nil,
	} {
		if diff := cmp.Diff(want, one(t, source).Imports()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
}

func TestCalls(t *testing.T) {
	for source, want := range map[string][]string{
		"a = env.db('X', default=f(1))": {"env.db(='X', default=f(1))", "f(=1)"},
		"os.environ['A'].x(b)":          {"os.environ[='A']", ".x(=b)"},
		"f(*a, **b, c == d)":            {"f(*=a, **=b, =c==d)"},
		"[f() for a in (b)]":            {"f()"},
		"return (a)":                    {},
		"f(1)(2)":                       {"f(=1)"},
		"f(a=)":                         {"f(=a=)"},
		"print('a(b)')":                 {"print(='a(b)')"},
		"'a'.join([b])":                 {".join(=[b])"},
		"f(a, (b, c)[0:1], )":           {"f(=a, =(b,c)[0:1])"},
	} {
		got := []string{}
		for call := range one(t, source).Calls() {
			text := ""
			for _, a := range call.Arguments() {
				text += ", " + a.Name + "=" + a.Value.join()
			}
			brackets := map[bool]string{false: "()", true: "[]"}[call.Subscript]
			got = append(got, call.Name+brackets[:1]+text[min(2, len(text)):]+brackets[1:])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
	statements, _ := Read("class A(B):\n  def f(a=g(\n 1)): pass\n")
	for _, s := range statements {
		for call := range s.Calls() {
			if call.Name != "g" || call.Line != 2 {
				t.Errorf("got %s in line %d", call.Name, call.Line)
			}
		}
	}
}

func TestArgumentOfACall(t *testing.T) {
	for call := range one(t, "f(a, b=1, c=2)").Calls() {
		for _, c := range []struct {
			position int
			names    []string
			want     string
		}{{0, nil, "a"}, {1, nil, ""}, {-1, []string{"x", "c"}, "2"}, {5, []string{"b"}, "1"},
			{0, []string{"c"}, "a"}} {
			if got := call.Argument(c.position, c.names...).join(); got != c.want {
				t.Errorf("%d %v: got %q, want %q", c.position, c.names, got, c.want)
			}
		}
	}
}

func TestLiterals(t *testing.T) {
	for source, want := range map[string]string{
		"'a' \"b\"":                      "ab",
		"('a'\n'b')":                     "ab",
		`R'\n'`:                          `\n`,
		`'a\tb\\\'\"\x41\101\0\u00e4\d'`: "a\tb\\'\"AA\x00ä\\d",
		`'\a\7'`:                         "\a\a",
		"'''a\n\\\nb'''":                 "a\nb",
		"''":                             "",
		`"\U0001F600"`:                   "\U0001F600",
	} {
		if got, ok := one(t, source).Literal(); got != want || !ok {
			t.Errorf("%s: got %q, %v, want %q", source, got, ok, want)
		}
	}
	for _, source := range []string{"f'a'", "b'a'", "a", "'a', 'b'", "'a' + b", `'\N{DASH}'`, `'\x4'`, `'\x4g'`, "1",
		"()"} {
		if got, ok := one(t, source).Literal(); ok {
			t.Errorf("%s: got %q", source, got)
		}
	}
}

func TestLists(t *testing.T) {
	for source, want := range map[string]string{
		"['a', 'b' 'c',]":        "[a bc] true",
		"('a', \"b\")":           "[a b] true",
		"(['a'])":                "[a] true",
		"['a'] + ('b',) + {'c'}": "[a b c] true",
		"()":                     "[] true",
		"[]":                     "[] true",
		"['a', b]":               "[a] false",
		"['a', *b]":              "[a] false",
		"A + ['a']":              "[a] false",
		"('a')":                  "[] false",
		"f(['a'])":               "[] false",
		"['a'][0]":               "[] false",
		"[a for a in 'b']":       "[] false",
		"{'a': 'b'}":             "[] false",
		"{**a}":                  "[] false",
		"'a'":                    "[] false",
	} {
		got, complete := one(t, source).Literals()
		if fmt.Sprint(got, " ", complete) != want {
			t.Errorf("%s: got %v %v, want %s", source, got, complete, want)
		}
	}
}

func TestMentions(t *testing.T) {
	s := one(t, "a = b + 'c' # d")
	for name, want := range map[string]bool{"a": true, "b": true, "c": false, "'c'": false, "d": false, "+": false} {
		if got := s.Mentions("x", name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestEvaluatedCalls(t *testing.T) {
	for source, want := range map[string]string{
		"a = f(1) if g() else h()":                    "",
		"a = f(1) or g()":                             "f",
		"a = {'b': f(g(), h() and i()), **j()}":       "f g h j",
		"a['x'] = b['y']":                             "b",
		"a = [f(x) for x in g()]":                     "",
		"a = lambda: f()":                             "",
		"f(g(lambda: h()), [i() if a else j(), k()])": "f g k",
		"f('a').g(h())":                               "f .g h",
	} {
		var got []string
		for call := range one(t, source).EvaluatedCalls() {
			got = append(got, call.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", source, got, want)
		}
	}
	statements, _ := Read("if f() == 1: pass\nwith g() as h: pass\n")
	for i, want := range []string{"f", "", "g"} {
		for call := range statements[i].EvaluatedCalls() {
			if call.Name != want {
				t.Errorf("got %s, want %q", call.Name, want)
			}
		}
	}
}

func TestLeadingCalls(t *testing.T) {
	for source, want := range map[string]string{
		"Path(__file__).resolve().parent": "Path .resolve().parent true",
		"os.path.join(a, 'b')":            "os.path.join  true",
		"a['b'] / c":                      "a /c true",
		"a / f(b)":                        "  false",
		"a":                               "  false",
		"(a)(b)":                          "  false",
		"'a'.f()":                         "  false",
	} {
		call, rest, ok := one(t, source).Leading()
		if got := fmt.Sprint(call.Name, " ", rest.join(), " ", ok); got != want {
			t.Errorf("%s: got %s, want %s", source, got, want)
		}
	}
}
