package layer

import (
	"context"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Get gets the contents of layers, one after the other; nil is no layer.
func Get(ctx context.Context, all ...Contents) error {
	for _, c := range all {
		if c == nil {
			continue
		}
		if err := c.Get(ctx); err != nil {
			return err
		}
	}
	return nil
}

// PartOf returns what commands see of a layer: nothing if c is nil.
func PartOf(c Contents) run.Part {
	if c == nil {
		return run.Part{}
	}
	return c.Part()
}
