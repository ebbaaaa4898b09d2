package show

import "testing"

func TestNoAddressOfOursHasCredentials(t *testing.T) {
	for text, want := range map[string]string{
		"by yarn https://u:p@ss@h.example.com/y.tgz?token=x":  "by yarn https://h.example.com/y.tgz",
		"line 1\n    \"https://r.example.com/a.tgz?token=x\"": "line 1\n    \"https://r.example.com/a.tgz\"",
		"https://u:p\x1b@h": "https://h",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if line := "GET https://u:p@h/?a=b"; Output(line) != line {
		t.Error("what a command prints is cut; a build masks what it was given there")
	}
}
