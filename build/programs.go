package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/config"
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
	link  app.Path
	cache *layer.Made
	// restored has the programs of earlier builds, and trusted also those that the command has downloaded.
	restored, trusted archive.Manifest
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
	t.link = at
	t.restored, err = t.programs(ctx)
	t.trusted = maps.Clone(t.restored)
	return t, errors.Join(err, h.Tree.RemoveAll(at), h.Tree.Symlink(t.cache.Dir(), at))
}

// during runs a step. It returns t with the programs that the step has downloaded, if it is the command that does so. A
// program that another step has created before is not one of them.
func (t tailwind) during(ctx context.Context, step plan.Step, run func() error) (tailwind, error) {
	isCommand := func(word string) bool { return strings.HasPrefix(word, "tailwind") }
	if t.cache == nil || step.Kind != plan.Management || !slices.ContainsFunc(step.Argv, isCommand) {
		return t, run()
	}
	before, err := t.programs(ctx)
	if err != nil {
		return t, err
	}
	if err := run(); err != nil {
		return t, err
	}
	after, err := t.programs(ctx)
	t.trusted = maps.Clone(t.trusted)
	for name, program := range after {
		if _, ok := before[name]; !ok {
			t.trusted[name] = program
		}
	}
	return t, err
}

// saveTailwind removes the link from the app, and all but trusted programs from the cache: the next build runs them. If
// this build has downloaded another version, the earlier ones are removed too.
func (h Host) saveTailwind(ctx context.Context, t tailwind) error {
	if t.cache == nil {
		return nil
	}
	now, err := t.programs(ctx)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(t.cache.Dir())
	for _, d := range entries {
		trusted, ok := t.trusted[d.Name()]
		_, isOld := t.restored[d.Name()]
		switch found, isProgram := now[d.Name()]; {
		case ok && found == trusted && (!isOld || len(t.trusted) == len(t.restored)):
			continue
		case ok && found != trusted:
			h.main().Warn("Tailwind's program is not cached: a step of this build changed %s", show.Name(d.Name()))
		case isProgram && !ok:
			h.main().Header("Tailwind's program is not cached: only manage.py tailwind may download it, as a command "+
				"of %s", config.CommandsBefore)
		}
		err = errors.Join(err, os.RemoveAll(path.Join(t.cache.Dir(), d.Name())))
	}
	t.cache.Grown()
	return errors.Join(err, h.Tree.RemoveAll(t.link))
}

// programs lists Tailwind's programs in the cache, which has a generated style sheet too.
func (t tailwind) programs(ctx context.Context) (archive.Manifest, error) {
	all, err := archive.Scan(ctx, archive.Tree{Base: t.cache.Dir(), Roots: []string{"."}})
	maps.DeleteFunc(all, func(name string, e archive.Entry) bool {
		return !e.Mode.IsRegular() || !strings.HasPrefix(name, "tailwindcss")
	})
	return all, err
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
