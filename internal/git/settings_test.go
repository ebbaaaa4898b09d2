package git

import (
	"slices"
	"testing"
)

func TestSubmodules(t *testing.T) {
	const text = "[submodule \"ui\"]\n\tpath = vendor/ui\n\turl = ../ui.git\n[submodule \"b\"]\n" +
		"\tpath = \"b c\" # x\n[core]\n\tpath = no\n["
	if got := Submodules(text); !slices.Equal(got, []string{"vendor/ui", "b c"}) {
		t.Errorf("got %q", got)
	}
}

func TestOrigin(t *testing.T) {
	for config, want := range map[string]string{
		"[remote \"origin\"]\n\turl = https://user:secret@git.example.com/shop.git?token=x\n": "https://git.example.com/shop.git",
		"[remote \"origin\"]\n\turl = git@git.example.com:shop.git\n":                         "git.example.com:shop.git",
		"[remote \"other\"]\n\turl = https://git.example.com/shop.git\n":                      "",
		"[remote \"origin\"]\n\turl = ext::sh -c x\n":                                         "",
		"": "",
	} {
		if got := Origin(config); got != want {
			t.Errorf("%q: got %q, want %q", config, got, want)
		}
	}
}
