package explain

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAddressesInJSONHaveNoCredentials(t *testing.T) {
	e := Explanation{Reason: "see \"https://u:p@h.example.com/a?b=\"c\\\" and 'https://h/?d'",
		Decisions: []string{"a <b> & c", `\"https:\/\/`}}
	var out strings.Builder
	if err := e.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var got Explanation
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if want := "see \"https://h.example.com/a\"c\\\" and 'https://h/'"; got.Reason != want ||
		got.Decisions[0] != e.Decisions[0] || got.Decisions[1] != e.Decisions[1] {
		t.Errorf("got %q, want %q\n%s", got.Reason, want, &out)
	}
}
