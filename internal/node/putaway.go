package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/needed"
	"github.com/tandem-cnb/tandem/internal/show"
)

// PutAway removes node_modules from the app, or replaces it with links to layers of the image, and removes what else
// only the build needs. No step of the app may run any more. It returns the shared libraries that packages of the image
// need and do not have.
func PutAway(ctx context.Context, in In, r Result) (libraries needed.Libraries, err error) {
	if err := os.RemoveAll(headersDir(in)); err != nil {
		return nil, err
	}
	warnUnmanagedModules(in)
	if !slices.ContainsFunc(r.Projects, func(p Installed) bool { return p.packages != nil }) {
		return nil, nil
	}
	err = in.Log.Timed("remove node_modules", func() (err error) {
		libraries, err = putAwayPackages(ctx, in, r.Projects)
		return err
	})
	return libraries, err
}

// putAwayPackages replaces the packages of all projects. It packs or removes nothing while another project is still
// being packed: projects of a workspace share directories.
func putAwayPackages(ctx context.Context, in In, projects []Installed) (needed.Libraries, error) {
	var links []link
	libraries := needed.Libraries{}
	for _, p := range projects { // with short steps, or none, they are still being packed
		if p.made != nil {
			p.made.Packed()
		}
	}
	for _, p := range projects {
		p.in = in
		if p.made == nil || !in.Plan.Node.Launch.Modules {
			continue
		}
		to, needs, err := p.ship(ctx)
		if err != nil {
			return nil, err
		}
		links = append(links, to...)
		maps.Copy(libraries, needs)
	}
	var err error
	for _, p := range projects {
		if p.in = in; p.project.Provided {
			err = errors.Join(err, p.putAwayAdopted(ctx))
		} else {
			err = errors.Join(err, in.Tree.Remove(p.project.Roots...))
		}
	}
	return libraries, errors.Join(err, linkPackages(in.Tree, links))
}

// putAwayAdopted removes a node_modules of an earlier buildpack from the app, or the devDependencies from it. One that
// is a link leads into the other buildpack's layer, which is not ours to change.
func (j job) putAwayAdopted(ctx context.Context) error {
	if !j.in.Plan.Node.Launch.Modules {
		j.in.Log.Header("%s: taken out of the app, no process needs them", j.project.Title())
		return j.in.Tree.Remove(j.project.Roots...)
	}
	if !j.prunesAdopted() {
		return nil
	}
	step, _ := j.in.Plan.Prune(j.project.Package.Dir)
	return j.prune(ctx, step)
}

// prunesAdopted reports whether packages of an earlier buildpack lose their devDependencies: they are in the app
// itself, and a process needs packages.
func (j job) prunesAdopted() bool {
	_, err := fs.ReadLink(j.in.Source, string(j.project.Roots[0]))
	return err != nil && j.in.Plan.Node.Launch.Modules
}

// warnUnmanagedModules warns of packages that a step of the app has installed itself (cd frontend && npm install). They
// stay in the image, with devDependencies, since only the app knows what they are for. If a process needs packages,
// that may be the reason for them.
func warnUnmanagedModules(in In) {
	if in.Plan.Node.Launch.Modules {
		return
	}
	var known []app.Path
	var warnings []string
	for _, project := range in.Plan.Projects() {
		known = append(known, project.Roots...)
	}
	for _, dir := range app.Leftovers(in.Source) {
		if isRootOfPackages(dir) && !slices.Contains(known, dir) {
			warnings = append(warnings, fmt.Sprintf("%s was installed by an app step and is in the image. "+
				"To keep it out, let Tandem build that directory: %s=%s",
				show.Name(string(dir)), config.NodeProjectPath, show.Word(path.Dir(string(dir)))))
		}
	}
	for _, warning := range show.Notes(warnings) {
		in.Log.Warn("%s", warning)
	}
}
