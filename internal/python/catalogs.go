package python

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// sourcesOfCatalogs is the value of venvKey.Removed if the sources of compiled translations are removed.
const sourcesOfCatalogs = "*.po"

// removedFrom returns what is removed from the packages. Their translations are read from .mo files. Only a package in
// which people edit translations needs the .po files that these were compiled from.
func removedFrom(in In) string {
	p := in.Plan.Python
	listed := app.ListedPackages(in.Source, p.Dir, p.Manager, p.Wanted, p.Machine(in.Common.Arch))
	if slices.ContainsFunc(manager.EditsCatalogs(), func(name string) bool { _, ok := listed.Find(name); return ok }) {
		return ""
	}
	return sourcesOfCatalogs
}

// removeCatalogs removes the .po files of an environment that lie next to their .mo files. They are a twelfth
// of the files of Django with a dozen packages. An installer that updates the packages later does not miss them.
// https://docs.djangoproject.com/en/stable/topics/i18n/translation/#compiling-message-files
func removeCatalogs(venv string) error {
	within, err := tree.Open(venv)
	if err != nil {
		return err
	}
	defer within.Close()
	files := within.FS()
	sites, err := fs.Glob(files, "lib/python3.*/site-packages")
	if err != nil {
		return err
	}
	for _, site := range sites {
		err := fs.WalkDir(files, site, func(name string, d fs.DirEntry, err error) error {
			compiled := strings.TrimSuffix(name, ".po") + ".mo"
			if err != nil || path.Ext(name) != ".po" || !d.Type().IsRegular() || !tree.IsFile(files, compiled) {
				return err
			}
			p, err := app.In(".", name)
			if err != nil {
				return nil // a name that no package of an index has
			}
			return within.RemoveAll(p)
		})
		if err != nil {
			return fmt.Errorf("remove the sources of translations: %w", err)
		}
	}
	return nil
}
