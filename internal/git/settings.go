package git

// Submodules returns the paths of the submodules that a .gitmodules has, as they are written.
// https://git-scm.com/docs/gitmodules
func Submodules(text string) (paths []string) {
	entries, _ := parse(text) // those before a line that git would refuse
	for _, e := range entries {
		if e.section == "submodule" && e.key == "path" && e.value != "" {
			paths = append(paths, e.value)
		}
	}
	return paths
}

// Origin returns the URL of the remote origin without credentials; "" if the config has none.
func Origin(config string) string {
	entries, _ := parse(config)
	for _, e := range entries {
		if e.section == "remote" && e.subsection == "origin" && e.key == "url" {
			if address, ok := e.allowed(); ok {
				return address
			}
		}
	}
	return ""
}
