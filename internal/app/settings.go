package app

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// SettingsModules are the modules of Django's settings that lie below dir, the folder of manage.py, by the names that projects give them.
func SettingsModules(fsys fs.FS, dir string) (names []string) {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return nil
	}
	for _, pattern := range []string{"settings.py", "*/settings.py", "*/*/settings.py", "settings/*.py", "*/settings/*.py", "*/*/settings/*.py"} {
		files, _ := fs.Glob(sub, pattern) // the pattern is ours, and what cannot be read is not there
		for _, file := range files {
			folders := strings.Split(path.Dir(file), "/")
			if slices.ContainsFunc(folders, func(name string) bool { return name != "." && ofOthers.MatchString(name) }) || path.Base(file) == "__init__.py" {
				continue
			}
			names = append(names, strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", "."))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
