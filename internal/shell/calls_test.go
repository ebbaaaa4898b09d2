package shell

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommands(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                       nil,
		"A=b":                                    nil,
		"a b; c & d || e":                        {"a b", "c", "d", "e"},
		"A=b c > d":                              {"c"},
		"if a; then b; fi\n(c)\n# d\nf() { e; }": {"a", "b", "c", "e"},
		"a 'b c' \"d $E\" f\\ g ${h}$(i)":        {"a b c d $ f g ", "i"},
		"env -u A B=c nice -n 5 d":               {"env -u A B=c nice -n 5 d", "nice -n 5 d", "d"},
		"timeout -k 5 60 a":                      {"timeout -k 5 60 a", "a"},
		"exec -a name tini -- a -b":              {"exec -a name tini -- a -b", "tini -- a -b", "a -b"},
		"/bin/bash -lc 'a && b'":                 {"/bin/bash -lc a && b", "a", "b"},
		"sh a -c b":                              {"sh a -c b"},
		"nohup":                                  {"nohup"},
		"a 'b":                                   nil,
		"a " + strings.Repeat("$(", 101):         nil,
		strings.Repeat("a ", 10_000):             nil,
	} {
		var got []string
		for _, words := range Commands(text) {
			got = append(got, strings.Join(words, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// The place of a word is that of its source, also within the text of another shell.
func TestPlacesOfWords(t *testing.T) {
	for text, want := range map[string]string{
		`exec uv run "a b" $C`:              `exec|uv|run|"a b"|$C / uv|run|"a b"|$C`,
		`bash -c 'uv run x'; d`:             `bash|-c|'uv run x' / uv|run|x / d`,
		`bash -lc "uv run --port $PORT é" `: `bash|-lc|"uv run --port $PORT é" / uv|run|--port|$PORT|é`,
		`sh -c "a \"b c\""`:                 `sh|-c|"a \"b c\"" / ?|?`,
	} {
		var got []string
		for _, call := range Calls(text) {
			var words []string
			for _, w := range call.Words {
				if w.From < 0 {
					words = append(words, "?")
				} else {
					words = append(words, text[w.From:w.To])
				}
			}
			got = append(got, strings.Join(words, "|"))
		}
		if diff := cmp.Diff(want, strings.Join(got, " / ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestVariablesOfCalls(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"A=b C=$D e": {"A": "b"}, "env A=b B=$C D='e f' g": {"A": "b", "D": "e f"},
		"export A=b; A=c d": {"A": "c"}, "export A=b && C=d; e": {"A": "b"}, "A+=b c": nil, "a": nil,
		"A=b bash -c 'C=d e'": {"A": "b", "C": "d"},
	} {
		all := Calls(text)
		if diff := cmp.Diff(want, all[len(all)-1].Vars); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
