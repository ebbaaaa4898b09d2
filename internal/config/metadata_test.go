package config

import (
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestFromMetadata(t *testing.T) {
	var descriptor struct{ Metadata map[string]any }
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	defaults := Config{SecretKeyPlaceholder: true, KeepGit: Switch{Set: true}}
	withPip, withoutScripts := defaults, defaults
	withPip.PipItself, withoutScripts.RunScripts = true, Names{Set: true}
	for name, c := range map[string]struct {
		env  map[string]string
		want Config
	}{
		"the defaults": {nil, defaults},
		"a variable":   {map[string]string{PythonInstaller: "pip"}, withPip},
		"an empty one": {map[string]string{RunScripts: ""}, withoutScripts},
	} {
		got, err := FromMetadata(descriptor.Metadata, c.env)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	got, err := FromMetadata(descriptor.Metadata, map[string]string{NodeLaunch: "yes", NodeVersion: "24"})
	if user, ok := fail.User(err); !ok || user.ID != "config/value" || got.NodeVersion != "24" {
		t.Errorf("an invalid value: %+v, %v", got, err)
	}
}

func TestInvalidMetadataIsAnInternalError(t *testing.T) {
	for name, metadata := range map[string]map[string]any{
		"configurations": {"configurations": "none"},
		"default":        {"configurations": []map[string]any{{"name": NodeVersion, "default": 24}}},
		"a channel":      {"configurations": make(chan int)},
	} {
		_, err := FromMetadata(metadata, nil)
		if _, isUser := fail.User(err); err == nil || isUser {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
