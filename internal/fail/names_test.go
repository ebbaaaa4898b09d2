package fail

import "testing"

func TestTheImageHasANameThatDockerAccepts(t *testing.T) {
	for dir, want := range map[string]string{
		"shop": "shop", "My Shop": "my-shop", "C-t2": "c-t2", "a__b..c": "a-b-c", "-x-": "x", "läden": "l-den",
		"商店": "app", "": "app",
		"$(touch x)": "touch-x",
	} {
		if got := ProjectCommand(dir); got != "pack build "+want {
			t.Errorf("%q: %s", dir, got)
		}
	}
}
