package entry

import (
	"io/fs"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/settings"
)

// Needed returns the variables without which the processes of an image certainly cannot start, as far as the files show
// that. Django's settings read them, which served has for the container; without Django, the modules that the processes
// serve.
func Needed(files fs.FS, p plan.Plan, served settings.Settings) (all []settings.Variable) {
	if p.Manage.Path != "" {
		return served.Needed()
	}
	for _, process := range p.Processes {
		for _, s := range process.Serves {
			dir := path.Join(process.Dir, s.Dir)
			if path.IsAbs(s.Dir) || !fs.ValidPath(dir) || len(s.Path) > 0 {
				continue
			}
			for _, v := range settings.Read(files, dir, s.Module).Needed() {
				isSame := func(other settings.Variable) bool { return other.Name == v.Name }
				if _, isSet := s.Vars[v.Name]; !isSet && !slices.ContainsFunc(all, isSame) {
					all = append(all, v)
				}
			}
		}
	}
	return all
}
