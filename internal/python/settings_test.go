package python

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/settings"
)

// What reads the settings without running them knows the same servers of static files as the program that imports them.
func TestServersOfStaticFilesAreTheSame(t *testing.T) {
	line := `SERVERS = ["` + strings.Join(settings.StaticServers(), `", "`) + "\"]\n"
	if !strings.Contains(string(settingsProgram), "\n"+line) {
		t.Errorf("settings.py has not the line %s", line)
	}
}
