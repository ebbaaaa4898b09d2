package build

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// The search for more variables ends after so many imports, or after so long: settings may do anything with what they
// are given.
const (
	mostImports = 20
	mostTime    = 20 * time.Second
)

// alsoMissing is what else the settings ask for when they get the variables that are missing: they stop at the first,
// and each would cost the user a build. The build is over; no step sees the values. The second result is what each
// import has said, the first one's too.
func (b *builder) alsoMissing(ctx context.Context, names []string, output string, log *ui.Branch) (all, outputs []string) {
	ctx, cancel := context.WithTimeout(ctx, mostTime)
	defer cancel()
	all, outputs = slices.Clone(names), []string{output}
	given := run.Env{}
	for more := names; len(more) > 0 && len(outputs) < mostImports; {
		for _, name := range more {
			given[name] = diagnose.Sample(name, b.Root, output)
		}
		read, err := b.readSettings(ctx, log, given)
		var failed *run.Error
		if !errors.As(err, &failed) {
			break
		}
		output = failed.Tail
		more = slices.DeleteFunc(b.missing(read.Missing, failed), func(name string) bool { return given[name] != "" })
		keys := diagnose.SecretKeys(more, output, b.Root)
		news := slices.DeleteFunc(slices.Clone(more), func(name string) bool { return b.config.SecretKeyPlaceholder && slices.Contains(keys, name) })
		if len(news) > 0 {
			all, outputs = append(all, news...), append(outputs, output)
		}
	}
	return all, outputs
}
