package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommandsAreSplitAsAShellDoes(t *testing.T) {
	for value, want := range map[string][][]string{
		"":                              nil,
		" \n ; ;\n":                     nil,
		"compress":                      {{"compress"}},
		"compilescss; compress --force": {{"compilescss"}, {"compress", "--force"}},
		"tailwind build\ncompress\n":    {{"tailwind", "build"}, {"compress"}},
		`loaddata "a b;c" 'd"e' f\ g;x`: {{"loaddata", "a b;c", `d"e`, "f g"}, {"x"}},
		"größe --ü; b":                  nil, // a module's name, but not one that can be typed everywhere
		"x --name $HOME":                {{"x", "--name", "$HOME"}},
		"x 'ü' ; b":                     {{"x", "ü"}, {"b"}},
		`x ""`:                          {{"x", ""}},
	} {
		c, err := Read(lookup(map[string]string{CommandsBefore: value, CommandsAfter: value}))
		if (err != nil) != strings.HasPrefix(value, "größe") {
			t.Errorf("%q: %v", value, err)
		}
		if diff := cmp.Diff(want, c.CommandsBefore); diff != "" {
			t.Errorf("%q (-want +got):\n%s", value, diff)
		}
		if err == nil && !cmp.Equal(c.CommandsBefore, c.CommandsAfter) {
			t.Errorf("%q: after, got %v", value, c.CommandsAfter)
		}
	}
}

func TestTheOptionsOfCollectstatic(t *testing.T) {
	for value, want := range map[string][]string{
		"": nil, " ": nil, "--clear": {"--clear"},
		"--clear --ignore *.scss -i 'a b'": {"--clear", "--ignore", "*.scss", "-i", "a b"},
		"--clear; compress":                {"error"}, "--clear && x": {"error"}, "'": {"error"},
	} {
		c, err := Read(lookup(map[string]string{CollectstaticArgs: value}))
		if err != nil && strings.Contains(err.Error(), CollectstaticArgs) {
			c.Collectstatic.Args = []string{"error"}
		}
		if diff := cmp.Diff(want, c.Collectstatic.Args); diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", value, err, diff)
		}
	}
}

func TestWhatIsNoManagementCommandIsAnError(t *testing.T) {
	for value, why := range map[string]string{
		"python manage.py compress": "does not begin with the name",
		"./manage.py compress":      "does not begin with the name",
		"--force":                   "does not begin with the name", "python 'b": "invalid command line",
		"python; a 'b":  "does not begin",
		"compress && x": "& is not valid", "a | b": "| is not valid", "a > b": "> is not valid",
		"a 2>&1": "2 is not valid", "a 'b": "invalid command line", "a $(b)": "",
	} {
		_, err := Read(lookup(map[string]string{CommandsAfter: value}))
		if why == "" && err == nil {
			continue // stays as it is written: nothing is expanded
		}
		for _, part := range []string{why, CommandsAfter, value} {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%q: got %v", value, err)
			}
		}
	}
}
