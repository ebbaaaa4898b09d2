package build

import (
	"os"
	"strings"
)

// osRelease names the distribution where the platform does not (platform API below 0.12).
// https://www.freedesktop.org/software/systemd/man/latest/os-release.html
func osRelease() string {
	data, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return "unknown" // without the file there is nothing to tell apart
	}
	var id, version string
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch value = strings.Trim(value, `"'`); name {
		case "ID":
			id = value
		case "VERSION_ID":
			version = value
		}
	}
	return id + " " + version
}
