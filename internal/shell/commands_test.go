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
