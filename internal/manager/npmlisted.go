package manager

import (
	"encoding/json"
	"strings"
)

// Count returns how many packages `npm ci` installs on Linux with glibc. Format 1 does not list for which machines a
// package is, so the number is 0.
func (npmManager) Count(lock, arch string) (count int) {
	if !json.Valid([]byte(lock)) {
		return 0
	}
	in := jsonReader{json.NewDecoder(strings.NewReader(lock))}
	in.object(func(key string) {
		if key != "packages" {
			in.skip()
			return
		}
		in.object(func(name string) {
			var p struct {
				Systems
				Link bool
			}
			in.value(&p)
			if strings.Contains(name, "node_modules/") && !p.Link && p.Fit(arch) {
				count++
			}
		})
	})
	return count
}
