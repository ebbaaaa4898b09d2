// Package layer makes the layers of an image and their packed copies, or reuses them. It knows nothing of Node or Python.
//
// A thing (Spec) can be shipped in the image, kept for later builds, or both. What ships is a launch-only layer of the
// thing's name; what is kept is one archive in the cache-only layer "cache-" + name. See ARCHITECTURE.md, "Layers".
package layer

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Spec is what a thing is and how to make it. It has no state.
type Spec struct {
	Name, Title string
	Key         any  // a small struct of strings: all that Fill and Vars depend on; the json tags name the fields to the user
	Ship        bool // launch-only layer Name
	Keep        bool // cache-only layer cache-Name
	Grows       bool // a download cache: its contents change with use and are packed again after it
	Late        bool // few builds need it: it is announced when somebody asks for it

	// Start names the one field of the key that may have changed for old contents to be a start: Fill then finds
	// them in its folder and brings them up to date. "": Fill always begins with an empty folder.
	Start string

	Base  string   // the folder that Roots are relative to; "": the layer's own folder, whole
	Roots []string // several for workspaces
	Over  []string // folders of the app that the contents are laid over: kept, but never removed
	Skip  func(rel string) bool
	Watch bool // somebody will ask whether the steps have Changed it

	Vars func(dir string) libcnb.Environment // pure: touches no disk; nil: none
	Fill func(ctx context.Context, dir string) (Facts, error)
	// Seal fills a sealed layer instead of Fill, and returns its manifest. See sealed.go.
	Seal func(ctx context.Context, dir string) (Facts, archive.Manifest, error)
	// Derived returns the listed file from which Finish makes the file name; "": from none. nil: Finish makes no files.
	Derived func(name string) string
	// Repeat makes once more, elsewhere, what Finish has made of a sealed layer, and returns it by its names in the layer.
	// It is called when nothing else runs any more. nil: commands that run beside Finish cannot change what it makes.
	Repeat func(ctx context.Context, dir string) (archive.Manifest, error)
	// StepsWrite says that the app's commands may write into a sealed layer: the image gets that, the kept copy never.
	StepsWrite bool
	// Unfit returns why Fill must not begin with the old contents that lie in dir; "": it may. nil: nobody looks.
	Unfit func(dir string) (string, error)
	// Again does what Fill does outside of the contents, where these come from the kept copy. nil: nothing.
	Again func(ctx context.Context) error
	// Finish completes what Fill has made while others already use it; steps that need it call Set.Ready. nil: nothing to do.
	Finish func(ctx context.Context, dir string) error
	Log    func(format string, args ...any)
	Warn   func(format string, args ...any) // of sealed layers
}

// Facts are found while filling, come back with the layer's record and are never compared.
type Facts map[string]string

// Made is a thing of this build: reused, unpacked or made, as late as possible.
type Made struct {
	Spec
	set           *Set
	key           map[string]string
	image, packed *Record // what the previous image has and what the cache has; nil: nothing

	once    sync.Once
	err     error
	fate    string // what became of it and why, for the user
	asked   bool   // the contents lie in dir
	record  Record // of the contents, when asked
	before  state  // of the contents, when asked and Ship or Watch, or sealed
	packing *packing
	listed  archive.Manifest // of sealed contents that were filled in this build
	mark    string           // what the ID of sealed contents begins with if no later build may use them
	written bool             // sealed contents were changed, as StepsWrite allows
}

// Given is a thing that lies in dir before the build makes anything, of another buildpack: it is neither shipped nor kept, and its
// folders are in the environment already.
func Given(spec Spec, dir string, facts Facts) *Made {
	spec.Base = dir
	m := &Made{Spec: spec, record: Record{Facts: facts}, asked: true}
	m.once.Do(func() {})
	return m
}

// Dir is where the contents are or would be: the same path in every build.
func (m *Made) Dir() string {
	if m.Base != "" {
		return m.Base
	}
	return filepath.Join(m.set.layers.Path, m.Name)
}

// Env is what the thing does to a build step's environment. Its contents must have been asked for.
func (m *Made) Env(env run.Env) run.Env {
	var vars libcnb.Environment
	if m.Vars != nil {
		vars = m.Vars(m.Dir())
	}
	if m.Base != "" {
		return env.WithVars(vars)
	}
	return env.WithLayer(m.Dir(), vars)
}

// Facts are those of the record where nothing needs to be made, else those of the contents.
func (m *Made) Facts(ctx context.Context) (Facts, error) {
	switch {
	case m.Ship && m.reusable():
		return m.image.Facts, nil
	case m.usable():
		return m.packed.Facts, nil
	}
	_, err := m.Contents(ctx)
	return m.record.Facts, err
}

// Contents unpacks or makes the thing, once, and returns its folder. Two goroutines may ask.
func (m *Made) Contents(ctx context.Context) (string, error) {
	m.once.Do(func() { m.err = m.materialise(ctx) })
	return m.Dir(), m.err
}

// reusable tells whether the previous image holds this very thing, and as it was made.
func (m *Made) reusable() bool {
	return m.image != nil && m.image.altered() == "" && len(reasons(m.image.Key, m.key)) == 0
}

// usable tells whether the packed copy holds it: with the image's id, where the image has it, so that
// what a step reads and what the image ships are one and the same.
func (m *Made) usable() bool {
	if m.packed == nil || len(reasons(m.packed.Key, m.key)) > 0 {
		return false
	}
	return !m.Ship || !m.reusable() || m.image.ID == m.packed.ID
}

func (m *Made) materialise(ctx context.Context) error {
	if m.Late {
		m.Log("%s: %s", m.Title, m.fate)
	}
	if m.usable() {
		err := m.unpackKept(ctx)
		if err == nil {
			m.record, m.asked = *m.packed, true
			if !m.Grows {
				m.Log("%s: unpacked the kept copy", m.Title)
			}
			if m.Again != nil {
				if err := m.Again(ctx); err != nil {
					return err
				}
			}
			return m.settle()
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		m.Log("%s: the kept copy is not usable, it is made anew (%s)", m.Title, err)
	}
	if err := m.start(ctx); err != nil {
		return err
	}
	facts, err := m.fill(ctx)
	if err != nil {
		return m.discard(err)
	}
	m.record, m.asked = Record{Key: m.key, Facts: facts}, true
	if m.Watch { // before any step can run; what ships waits for Finish
		if err := m.settle(); err != nil {
			return err
		}
	}
	if !m.Grows {
		m.pack()
	}
	return nil
}

// start gives Fill an empty folder, or one with old contents that it can bring up to date.
func (m *Made) start(ctx context.Context) error {
	old := m.packed
	m.packed = nil
	if old != nil && m.Start != "" && onlyDiffers(old.Key, m.key, m.Start) {
		err := m.unpackOld(ctx, old.ID)
		if err == nil {
			m.Log("%s: brought up to date from the kept copy", m.Title)
			return nil
		}
		m.Log("%s: the kept copy is not usable (%s)", m.Title, err)
	}
	return m.clear()
}

// unpackOld unpacks contents that Fill may begin with.
func (m *Made) unpackOld(ctx context.Context, id string) error {
	if err := m.unpackAs(ctx, id); err != nil || m.Unfit == nil {
		return err
	}
	reason, err := m.Unfit(m.Dir())
	if err == nil && reason != "" {
		err = errors.New(reason)
	}
	return err
}
