package python

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/run"
)

// The search for more variables ends after so many imports, or after so long: settings may do anything with what they
// are given.
const (
	mostImports = 20
	mostTime    = 20 * time.Second
)

// alsoMissing returns what else the settings require when they get the variables that are missing: they stop at the
// first, and each would cost the user a build. The build is over; no step sees the values. The second result has the
// output of each import, beginning with output, that of the first.
func (im importer) alsoMissing(ctx context.Context, names []string, output string) (all, outputs []string) {
	ctx, cancel := context.WithTimeout(ctx, mostTime)
	defer cancel()
	all, outputs = slices.Clone(names), []string{output}
	given := run.Env{}
	for more := names; len(more) > 0 && len(outputs) < mostImports; {
		for _, name := range more {
			given[name] = diagnose.Sample(name, im.Root, output)
		}
		read, err := im.read(ctx, given)
		var failed *run.Error
		if !errors.As(err, &failed) {
			break
		}
		output = failed.Tail
		more = slices.DeleteFunc(im.missing(read.Missing, failed), func(name string) bool { return given[name] != "" })
		keys := diagnose.SecretKeys(more, output, im.Root)
		news := slices.DeleteFunc(slices.Clone(more), func(name string) bool {
			return im.fillsKeys() && slices.Contains(keys, name)
		})
		if len(news) > 0 {
			all, outputs = append(all, news...), append(outputs, output)
		}
	}
	return all, outputs
}
