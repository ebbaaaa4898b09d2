// Package detect connects libcnb with plan.Applies: it reports whether Tandem applies to an app, and why. It makes no
// decision itself.
package detect

import (
	"fmt"
	"io"
	"os"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// Detect passes for every Python app, with or without a front end. A user's mistake never makes it fail: the build
// explains it.
func Detect(in libcnb.DetectContext) (libcnb.DetectResult, error) {
	return recovered(os.Stdout, func() (libcnb.DetectResult, error) { return detect(in, os.Stdout) })
}

// recovered calls do. After a panic, detection passes with what Tandem provides itself: the lifecycle hides what detect
// prints, and the build reports the same defect.
func recovered(out io.Writer, do func() (libcnb.DetectResult, error)) (result libcnb.DetectResult, err error) {
	defect := fail.Recovered(func() error { result, err = do(); return nil })
	if defect != nil {
		fmt.Fprintf(out, "Tandem applies: internal error: %v\n", defect)
		return libcnb.DetectResult{Pass: true, Plans: buildPlans(plan.OwnNeeds())}, nil
	}
	return result, err
}

// detect reads the app, writes the reason to out, and returns whether detection passes with the build plans.
func detect(in libcnb.DetectContext, out io.Writer) (libcnb.DetectResult, error) {
	source, err := tree.Open(in.ApplicationPath)
	if err != nil {
		return libcnb.DetectResult{}, err
	}
	defer source.Close()
	c := settings(in)
	a := app.Read(source.FS(), plan.Requested(c, app.Others{}))
	reason, ok := plan.Applies(a)
	verdict := "applies"
	if !ok {
		verdict = "does not apply"
	}
	fmt.Fprintln(out, show.Clean(fmt.Sprintf("Tandem %s: %s", verdict, reason)))
	if !ok {
		return libcnb.DetectResult{}, nil
	}
	return libcnb.DetectResult{Pass: true, Plans: buildPlans(plan.Needs(a, c))}, nil
}

// buildPlans returns the alternatives of the build plan, in the order in which the lifecycle tries them. Tandem
// provides and requires its own names, so that it needs no other buildpack.
func buildPlans(ways [][]plan.Need) (all []libcnb.BuildPlan) {
	for _, needs := range ways {
		var p libcnb.BuildPlan
		for _, need := range needs {
			if need.Own {
				p.Provides = append(p.Provides, libcnb.BuildPlanProvide{Name: need.Name})
			}
			p.Requires = append(p.Requires, libcnb.BuildPlanRequire{Name: need.Name, Metadata: need.How})
		}
		all = append(all, p)
	}
	return all
}

// settings returns the user's settings without invalid values, which the build reports.
func settings(in libcnb.DetectContext) config.Config {
	c, _ := config.FromMetadata(in.Buildpack.Metadata, run.ParseEnv(os.Environ()))
	return c
}
