package limits

import (
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	for text, ok := range map[string]bool{
		"": true, "3.12": true, ">=3.11,<3.13 || ~=3.9": true,
		strings.Repeat("3", 256): true, strings.Repeat("3", 257): false,
		strings.Repeat("3,", 63) + "3": true, strings.Repeat("3,", 64) + "3": false, strings.Repeat("3 ", 65): false,
		strings.Repeat("1||", 65): false, strings.Repeat("|", 256): true,
	} {
		if err := Version(text); (err == nil) != ok {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
