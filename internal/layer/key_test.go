package layer

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever field of a key changes, the layer is made again: a field that is not compared would be a stale image.
func TestEveryFieldOfAKeyCounts(t *testing.T) {
	base := testKey{"1", "a"}
	was, err := keyOf(base)
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeOf(base).NumField() {
		changed := base
		reflect.ValueOf(&changed).Elem().Field(i).SetString("other")
		is, err := keyOf(changed)
		if err != nil || len(is.reasons(was.values)) != 1 {
			t.Errorf("field %d: %v, reasons %v", i, err, is.reasons(was.values))
		}
	}
}

type platform struct {
	Arch string `json:"arch" say:"architecture"`
}

type richKey struct {
	platform
	Lock  string `json:"files" say:"contents of the lock" layer:"start"`
	Extra string `json:"pip,omitempty" say:"pip for a hook"`
}

func TestTheLogHasTheWordsOfAKeyAndTheRecordItsNames(t *testing.T) {
	k, err := keyOf(richKey{platform: platform{"amd64"}, Lock: "sha256:1"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"arch": "amd64", "files": "sha256:1"}, k.values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	was := map[string]string{"arch": "arm64", "files": "sha256:2", "pip": "x", "older": "y"}
	want := []string{
		"the architecture changed from arm64 to amd64", "the contents of the lock changed", "the older changed",
		"the pip for a hook changed",
	}
	if diff := cmp.Diff(want, k.reasons(was)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct {
		was  map[string]string
		want bool
	}{
		"the marked field":            {map[string]string{"arch": "amd64", "files": "sha256:2"}, true},
		"another field":               {map[string]string{"arch": "arm64", "files": "sha256:1"}, false},
		"a field that there is not":   {map[string]string{"arch": "amd64", "files": "sha256:2", "pip": "x"}, false},
		"a record without a key":      {nil, false},
		"a record without that field": {map[string]string{"arch": "amd64"}, true},
	} {
		if got := k.onlyStartDiffers(c.was); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A field that may be omitted says nothing while it is empty, so that a new one makes no layer again. Others always do.
func TestEmptyFieldsOfAKey(t *testing.T) {
	for want, k := range map[string]richKey{
		"files=\"\" arch=\"\" ": {}, "files=\"\" arch=\"\" pip=\"1\" ": {Extra: "1"},
	} {
		got, err := keyOf(k)
		text := ""
		for _, name := range []string{"files", "arch", "pip"} {
			if value, there := got.values[name]; there {
				text += fmt.Sprintf("%s=%q ", name, value)
			}
		}
		if text != want || err != nil {
			t.Errorf("%+v: got %s, %v", k, text, err)
		}
	}
	k, err := keyOf(richKey{Lock: "1"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"the architecture changed"}
	if diff := cmp.Diff(want, k.reasons(map[string]string{"files": "1"})); diff != "" {
		t.Errorf("a record without an empty field (-want +got):\n%s", diff)
	}
}

func TestAKeyThatCannotBeComparedIsRefused(t *testing.T) {
	for name, k := range map[string]any{
		"no struct": "1",
		"a number": struct {
			N int `json:"n" say:"number"`
		}{1},
		"a struct with a name": struct {
			Platform platform `json:"platform" say:"platform"`
		}{},
		"no words": struct {
			N string `json:"n"`
		}{"1"},
		"no name": struct {
			N string `say:"number"`
		}{"1"},
		"one name twice": struct {
			platform
			Target string `json:"arch" say:"target"`
		}{},
		"two starts": struct {
			A string `json:"a" say:"a" layer:"start"`
			B string `json:"b" say:"b" layer:"start"`
		}{},
	} {
		if _, err := keyOf(k); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
