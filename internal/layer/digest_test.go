package layer

import "testing"

func TestAKeyNeverDependsOnCredentials(t *testing.T) {
	digest := func(vars map[string]string) string { return SettingsDigest(vars, "UV_") }
	base := digest(map[string]string{"UV_INDEX": "https://a.example/simple"})
	for name, vars := range map[string]map[string]string{
		"in the address": {"UV_INDEX": "https://user:secret@a.example/simple"},
		"in their own variable": {
			"UV_INDEX": "https://a.example/simple", "UV_INDEX_A_PASSWORD": "secret", "UV_INDEX_A_USERNAME": "me",
			"UV_PUBLISH_TOKEN": "x",
		},
	} {
		if digest(vars) != base {
			t.Errorf("credentials %s change the key", name)
		}
	}
	if digest(map[string]string{"UV_INDEX": "https://b.example/simple"}) == base {
		t.Error("another index does not change the key")
	}
	if Digest("a", "https://user:secret@a.example/simple") != Digest("a", "https://a.example/simple") {
		t.Error("credentials in lines change the key")
	}
	if Digest("a", "b") == Digest("a", "c") {
		t.Error("another line does not change the key")
	}
}
