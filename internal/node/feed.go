package node

import (
	"context"
	"errors"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/npmfeed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// feeds are the feeds of projects, by directory.
type feeds map[string]*npmfeed.Feed

// feedNew begins the downloads of the projects whose packages no earlier build has left, while Node.js is still being
// installed. heroku-prebuild may write the lockfile, so that a project with it has to wait.
func (in In) feedNew(ctx context.Context) feeds {
	all := feeds{}
	for _, project := range in.Plan.Projects() {
		j := job{in: in, project: project}
		if !j.feedable() || project.Prebuilds() || in.Layers.Known(project.Layer()) {
			continue
		}
		// After an error the installation tries again.
		if feed, err := j.startFeed(ctx, plan.Fresh); err == nil && feed != nil {
			all[project.Package.Dir] = feed
		}
	}
	return all
}

// close ends the feeds that no installation has used.
func (all feeds) close() (err error) {
	for _, feed := range all {
		_, closing := feed.Close()
		err = errors.Join(err, closing)
	}
	return err
}

// feedable reports whether npm installs the packages that a lockfile names, and not from a cache of the app's own.
func (j job) feedable() bool {
	return j.in.Plan.Config.NPM.Feed && j.project.Manager == manager.NPM && j.project.Install != nil &&
		len(j.project.Package.Locks) > 0 && j.broughtCache() == ""
}

// startFeed starts a feed with the archives of the lockfile, if npm installs all of them. It is nil if no package has a
// digest.
func (j job) startFeed(ctx context.Context, from plan.From) (*npmfeed.Feed, error) {
	file := j.project.Package.Locks[0]
	text, err := limits.Read(j.in.Source, file, limits.Size(file))
	if err != nil {
		return nil, err
	}
	lock, err := npmfeed.Read(text, j.in.Common.Arch)
	if err != nil || !lock.Digests {
		return nil, nil // npm explains the error
	}
	if from != plan.Fresh || !j.plain() {
		lock.Archives = nil
	}
	return npmfeed.Start(ctx, npmfeed.Options{
		Scratch: j.in.Private, Root: j.in.Root, Archives: lock.Archives, Client: npmfeed.NewClient(),
	})
}

// plain reports whether npm downloads from the URLs that the lockfile has. With settings of the app's own only npm
// knows its URLs.
func (j job) plain() bool {
	own := slices.ContainsFunc(j.project.Files, func(f app.SettingsFile) bool {
		return slices.ContainsFunc(f.Lines, manager.ReachesRegistry)
	})
	return !own && len(j.in.Access.Types) == 0 &&
		!slices.ContainsFunc(j.in.Envs.Tools().With().Names(), manager.ReachesRegistryBy)
}

// fed calls do with the program and the arguments that run npm, so that npm has its packages downloaded and unpacked.
// They are nil if npm does it itself.
func (j job) fed(ctx context.Context, step plan.Step, env run.Env, do func(npm []string) error) error {
	if !j.feedable() || !manager.Extracts(step.Argv) {
		return do(nil)
	}
	feed, err := j.feed, error(nil)
	if feed == nil {
		feed, err = j.startFeed(ctx, step.From)
	}
	var npm []string
	if err == nil && feed != nil {
		npm, err = j.fedNPM(feed, env)
	}
	if err != nil {
		j.in.Log.Body("npm downloads and unpacks the packages itself: %s", err)
	}
	err = do(npm)
	if feed == nil {
		return err
	}
	served, closing := feed.Close()
	j.logServed(served)
	return errors.Join(err, closing)
}

// logServed says who has unpacked the packages. npm unpacks none if an update has only removed some.
func (j job) logServed(served npmfeed.Served) {
	const fed = "%d packages were downloaded and unpacked for npm"
	why := show.Line(served.Why)
	switch {
	case served.Fed > 0 && served.Refused > 0:
		j.in.Log.Body(fed+", %d by npm (%s)", served.Fed, served.Refused, why)
	case served.Fed > 0:
		j.in.Log.Debug(fed, served.Fed)
	case why != "":
		j.in.Log.Body("npm downloads and unpacks the packages itself: %s", why)
	case served.Guessed > 0:
		j.in.Log.Body("npm downloads and unpacks the packages itself: this version does not ask the build for them")
	}
}

// fedNPM returns what replaces the word npm.
func (j job) fedNPM(feed *npmfeed.Feed, env run.Env) ([]string, error) {
	node, err := run.LookPath("node", env["PATH"], j.in.Root)
	if err != nil {
		return nil, err
	}
	npm, err := run.LookPath("npm", env["PATH"], j.in.Root)
	if err != nil {
		return nil, err
	}
	return feed.Argv(node, npm)
}
