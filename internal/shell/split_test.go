package shell

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	type commands = [][]string
	for line, want := range map[string]struct {
		commands commands
		err      error
	}{
		"":                          {nil, nil},
		" ; ;;\r\n":                 {nil, nil},
		"a":                         {commands{{"a"}}, nil},
		"a; b --c ;d":               {commands{{"a"}, {"b", "--c"}, {"d"}}, nil},
		`a "b c;d" 'e"f' g\ h\\;i`:  {commands{{"a", "b c;d", `e"f`, `g h\`}, {"i"}}, nil},
		`a "it's \"b\"" ""`:         {commands{{"a", `it's "b"`, ""}}, nil},
		"a $HOME ${B} \"$C\" '$D'":  {commands{{"a", "$HOME", "${B}", "$C", "$D"}}, nil},
		"a $(b c) `d e`;f":          {commands{{"a", "$(b c)", "`d e`"}, {"f"}}, nil},
		"a #b 'c d' #e;#f":          {commands{{"a", "#b", "c d", "#e"}, {"#f"}}, nil},
		"if a=b * ~ {c,d} ! [e] %f": {commands{{"if", "a=b", "*", "~", "{c,d}", "!", "[e]", "%f"}}, nil},
		"größe ü\xff":               {commands{{"größe", "ü\uFFFD"}}, nil},
		"a; b && c; d":              {commands{{"a"}}, OperatorError('&')},
		"a; b|c":                    {commands{{"a"}}, OperatorError('|')},
		"a > b":                     {nil, OperatorError('>')},
		"a<b":                       {nil, OperatorError('<')},
		"a <(b)":                    {nil, OperatorError('<')},
		"a 2>&1":                    {nil, OperatorError('2')},
		"a b2>c":                    {nil, OperatorError('>')},
		"2>a":                       {nil, OperatorError('2')},
		"a 'b;c":                    {nil, errSyntax},
		`a; b "c`:                   {commands{{"a"}}, errSyntax},
		"a `b":                      {nil, errSyntax},
		`a \`:                       {nil, errSyntax},
		"a \\\n":                    {nil, errSyntax},
		"a)b":                       {nil, errSyntax},
		"a=(b)":                     {nil, errSyntax},
		"a $(;)":                    {nil, errSyntax},
		"a $(b $(c))":               {nil, errSyntax},
		"a $((1+2))":                {nil, errSyntax},
		"a ${b/c}":                  {nil, errSyntax},
	} {
		got, err := Split(line)
		if diff := cmp.Diff(want.commands, got); diff != "" || !errors.Is(err, want.err) {
			t.Errorf("%q: error %v, want %v (-want +got):\n%s", line, err, want.err, diff)
		}
	}
}

// What only an attacker writes costs little and is at most an error.
func TestSplitHasLimits(t *testing.T) {
	for name, line := range map[string]string{
		"brackets": "a " + strings.Repeat("$(", 1_000_000), "long": strings.Repeat("a;", 1_000_000),
		"comments": strings.Repeat("# ", 8000), "backquotes": strings.Repeat("`", 16_000),
		"braces": strings.Repeat("${a-", 90), "quotes": strings.Repeat(`"$(`, 90), "empty": strings.Repeat(";", 16_000),
	} {
		begin := time.Now()
		if _, err := Split(line); err != nil && !errors.Is(err, errSyntax) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}
