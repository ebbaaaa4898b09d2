package diagnose

import (
	"fmt"
	"os"
	"testing"

	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestOldestPythonIsTheInventorys(t *testing.T) {
	inventory, err := versions.Load("../..", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	oldest := 99
	for _, entry := range inventory {
		var minor int
		if n, _ := fmt.Sscanf(entry.Version, "3.%d", &minor); entry.ID == "cpython" && n == 1 {
			oldest = min(oldest, minor)
		}
	}
	if oldest != oldestPython {
		t.Errorf("the oldest Python of the inventory is 3.%d, what errors say is 3.%d", oldest, oldestPython)
	}
}
