package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// tailwindCacheKey is the key of the cache for Tailwind's program: only the platform invalidates it.
type tailwindCacheKey struct{ layer.Common }

// tailwind is the directory of the app into which django-tailwind-cli downloads Tailwind's program, as a link to a
// cache. The zero value is none.
type tailwind struct {
	link   app.Path
	cache  *layer.Made
	before map[string]bool // the programs of earlier builds
}

// withTailwind caches the program that django-tailwind-cli downloads in each build. It would be in the image, too.
// https://django-tailwind-cli.readthedocs.io/en/latest/settings/
func (h Host) withTailwind(ctx context.Context, p plan.Plan, found installed.Found) (t tailwind, err error) {
	at, err := app.In(path.Dir(p.Manage.Path), ".django_tailwind_cli")
	if err != nil || !found.Has("django-tailwind-cli") || tree.HasEntries(h.Source, string(at)) {
		return t, nil // a program of the source stays
	}
	t.cache, err = h.Layers.Cache(layer.Meta{
		Name: "tailwind", Title: "Tailwind's program", Key: tailwindCacheKey{h.Common}, Log: h.main().Header,
	})
	if err == nil {
		err = t.cache.Get(ctx)
	}
	if err != nil {
		return t, err
	}
	t.before, err = programsIn(t.cache.Dir())
	t.link = at
	return t, errors.Join(err, h.Tree.RemoveAll(at), h.Tree.Symlink(t.cache.Dir(), at))
}

// putAway removes the link from the app. If this build has downloaded another version, it removes the earlier ones.
func (t tailwind) putAway(app *tree.Tree) error {
	if t.cache == nil {
		return nil
	}
	after, err := programsIn(t.cache.Dir())
	if err == nil && len(after) > len(t.before) {
		for name := range t.before {
			err = errors.Join(err, os.RemoveAll(path.Join(t.cache.Dir(), name)))
		}
	}
	t.cache.Grown()
	return errors.Join(err, app.RemoveAll(t.link))
}

// programsIn returns the names of Tailwind's programs in a directory, which has a generated style sheet too.
func programsIn(dir string) (names map[string]bool, err error) {
	entries, err := os.ReadDir(dir)
	names = map[string]bool{}
	for _, d := range entries {
		if strings.HasPrefix(d.Name(), "tailwindcss") {
			names[d.Name()] = true
		}
	}
	return names, err
}

// largeProgram is the size in bytes from which the log names a program that a step has written into the app.
const largeProgram = 10e6

// logPrograms names the large programs that steps have written into the app: some were only needed in the build.
func (h Host) logPrograms(d decisions) error {
	var names []string
	written := search{h.Source, d.clock}
	err := fs.WalkDir(h.Source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return skipUnreadable(entry, err)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		if err == nil && info.Mode()&0o100 != 0 && info.Size() > largeProgram && written.isNew(info) {
			names = append(names, fmt.Sprintf("%s (%s)", show.Name(name), megabytes(info.Size())))
		}
		return ignoreAbsent(err)
	})
	if len(names) > 0 {
		h.main().Header("Programs that a step has written are in the image: %s", show.Series(names))
	}
	return err
}
