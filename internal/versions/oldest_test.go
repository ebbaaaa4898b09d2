package versions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestAVersionBeforeAllThatExistSaysWhichIsTheOldest(t *testing.T) {
	inv := Inventory{{ID: "cpython", Version: "3.9.1", Arch: "amd64"},
		{ID: "cpython", Version: "3.13.1", Arch: "amd64"}, {ID: "node", Version: "8.17.0", Arch: "amd64"}}
	for _, c := range []struct {
		id            ID
		version, want string
	}{
		{"cpython", "3.7", "version/too-old"}, {"cpython", "2.7.18", "version/too-old"},
		{"cpython", "python-3.8.10", "version/too-old"},
		{"cpython", "<3.8", "version/too-old"}, {"cpython", "3.9.0", "version/unknown"},
		{"cpython", "3.14", "version/unknown"},
		{"cpython", "2", "version/too-old"}, {"cpython", "4.1", "version/unknown"},
		{"node", "6", "version/unknown"}, {"node", "8.1.0", "version/unknown"},
	} {
		_, err := inv.Choose(Ask{ID: c.id, First: Request{Want: c.version, Source: "runtime.txt"}}, "amd64")
		user, ok := fail.User(err)
		if !ok || user.ID != c.want {
			t.Errorf("%s %s: got %v", c.id, c.version, err)
		} else if c.want == "version/too-old" &&
			(!strings.Contains(user.Why, "runtime.txt") || !strings.Contains(user.Why, "oldest is")) {
			t.Errorf("%s %s: the error does not say what is the oldest: %v", c.id, c.version, err)
		}
	}
}

func TestOldestPythonIsTheInventorys(t *testing.T) {
	oldest := 99
	for _, entry := range embeddedInventory(t) {
		var minor int
		if n, _ := fmt.Sscanf(entry.Version, "3.%d", &minor); entry.ID == Python && n == 1 {
			oldest = min(oldest, minor)
		}
	}
	if oldest != OldestPythonMinor {
		t.Errorf("the oldest Python of the inventory is 3.%d, what errors say is 3.%d", oldest, OldestPythonMinor)
	}
}
