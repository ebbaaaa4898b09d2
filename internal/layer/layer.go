// Package layer creates the layers of an image and their cached archives, or reuses them. It knows no language.
//
// A layer can be part of the image, cached for later builds, or both. The image has it as a launch-only layer of its
// name; the cache has one archive, in the cache-only layer "cache-" + name. There are three kinds of layers, each with
// a constructor: Set.Tree, Set.AppTree and Set.Cache. See ARCHITECTURE.md, "Layers".
package layer

import (
	"context"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Meta describes a layer of any kind.
type Meta struct {
	Name  string // in the layers directory
	Title string // in the log
	Key   any    // a struct with all that the contents and variables depend on, see keyOf
	Log   func(format string, args ...any)
}

// Facts are found while a layer is created. They come back with its record, and are never compared.
type Facts map[string]string

// Filled describes the contents of a layer once it is created.
type Filled struct {
	Facts Facts
	BOM   []bom.Component // the software in the layer, in any order; its record has it sorted

	Temporary bool // no later build may use the contents
}

// Tree is a layer whose contents are its own directory.
type Tree struct {
	Meta
	Ship   bool // the image has it
	Keep   bool // it is cached for later builds
	Once   bool // it is not cached, and only this build may need it: creating it costs less than keeping it
	Late   bool // few builds need it: the log shows it when its contents are asked for
	Update bool // Fill may begin with the contents of another key, if only its field marked as start differs

	Vars func(dir string) libcnb.Environment // pure; nil: it sets no variables
	Fill func(ctx context.Context, dir string) (Filled, error)
	// Unfit returns why Fill must not begin with the old contents in dir; "": it may. nil: all contents are fit.
	Unfit  func(dir string) (string, error)
	Sealed *Sealed // instead of Fill, for contents that no command may change
	// List returns the software in dir, where app steps have changed the contents. nil: the software of Fill stays.
	List func(dir string) ([]bom.Component, error)
}

// AppTree is a layer whose contents are directories of the app. It is cached, and never part of the image.
type AppTree struct {
	Meta
	App    string     // the app's directory
	Roots  []app.Path // what the contents consist of. Old roots are removed before Fill
	Over   []app.Path // directories of the app that the contents are laid over: they are cached, but never removed
	Skip   func(rel string) bool
	Watch  bool // Made.Changed will be called
	Update bool // as in Tree

	Vars func(dir string) libcnb.Environment // as in Tree, with the app's directory
	Fill func(ctx context.Context, dir string) (Filled, error)
	// Again does what Fill does outside of the contents, where these come from the cache. nil: nothing.
	Again func(ctx context.Context) error
}

// Contents are what readers of a layer see, whoever has created it.
type Contents interface {
	// Dir returns where the contents are or would be. It is the same in every build.
	Dir() string
	// Part returns what the layer does to the environment of a command. It reads no disk: the value is the same before
	// and after Get if an earlier build has created the contents. Otherwise Get must have returned.
	Part() run.Part
	// Filled returns what is known of the contents. It creates them if no record has that.
	Filled(ctx context.Context) (Filled, error)
	// Get unpacks or creates the contents, once. Goroutines may call it at the same time.
	Get(ctx context.Context) error
	// ID returns the digest of the contents: equal IDs are equal contents. It is empty if no digest describes them, and
	// certain only after Set.Settle.
	ID() string
}

// adopted is a layer of another buildpack.
type adopted struct {
	part  run.Part
	known Filled
}

// Adopted returns the contents that another buildpack has created in part.Dir. They are neither shipped nor cached.
// The environment of the build has their directories already, so that part.Dirs must be empty.
func Adopted(part run.Part, known Filled) Contents { return adopted{part, known} }

// The methods implement Contents. Another buildpack has created everything, so none of them can fail.
func (a adopted) Dir() string                            { return a.part.Dir }
func (a adopted) Part() run.Part                         { return a.part }
func (a adopted) Filled(context.Context) (Filled, error) { return a.known, nil }
func (a adopted) Get(context.Context) error              { return nil }
func (a adopted) ID() string                             { return "" }
