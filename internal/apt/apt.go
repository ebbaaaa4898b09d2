// Package apt executes the plan's steps that unpack Debian packages into layers. The build image's apt chooses,
// verifies and downloads them. No script of a package runs.
package apt

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// In has the inputs of the installation of Debian packages.
type In struct {
	steps.Runner
	Layers *layer.Set
	Common layer.Common
	Build  []debian.Package // of the build image
	Run    []debian.Package // of the run image
	Now    time.Time
	More   []string // that the image needs in addition to what the plan knows
}

// packagesKey is the key of a layer of Debian packages. Its packages are chosen again each week, for security fixes.
type packagesKey struct {
	layer.Common
	Packages string `json:"packages" say:"names of the packages"`
	Dev      string `json:"dev,omitempty" say:"packages whose libraries are needed"`
	Named    string `json:"named" say:"packages with programs on PATH"`
	Image    string `json:"image" say:"packages of the image"`
	Sources  string `json:"sources" say:"sources of Debian packages"`
	Week     string `json:"week" say:"week of the package index"`
}

// Declare declares the layer of that name, with the packages as the plan has them. It creates nothing.
func Declare(in In, name string) (*layer.Made, error) {
	sources, err := sourcesDigest(in.Machine)
	if err != nil {
		return nil, err
	}
	u := unpacking{In: in, name: name, image: in.Run, forImage: name == plan.DebianLayer}
	title, packages := "Debian packages of the image", slices.Concat(in.Plan.Debian.Run, in.More)
	dev := in.Plan.Debian.Dev
	if !u.forImage {
		u.image, title, packages, dev = in.Build, "Debian packages for the build", in.Plan.Debian.Build, nil
	}
	const week = 7 * 24 * time.Hour
	return in.Layers.Tree(layer.Tree{
		Meta: layer.Meta{Name: name, Title: title, Log: in.Log.Header, Key: packagesKey{
			Common: in.Common, Packages: strings.Join(packages, " "), Dev: strings.Join(dev, " "),
			Named: strings.Join(in.Plan.Debian.Named, " "),
			Image: layer.Digest(u.status()), Sources: sources,
			Week: strconv.FormatInt(in.Now.Unix()/int64(week/time.Second), 10),
		}},
		Ship: u.forImage, Keep: true,
		Vars: func(dir string) libcnb.Environment {
			if u.forImage {
				return imageVars(dir, in.Common.Arch, in.Plan.Debian.Vars)
			}
			return buildVars(dir, in.Common.Arch)
		},
		Fill: u.fillOrWarn,
	})
}

// sourcesDigest returns one digest of all that says where apt gets packages from, and whose signatures it accepts.
func sourcesDigest(machine fs.FS) (string, error) {
	var lines []string
	for _, pattern := range []string{
		"etc/apt/sources.list", "etc/apt/sources.list.d/*", "etc/apt/trusted.gpg", "etc/apt/trusted.gpg.d/*",
		"etc/apt/keyrings/*", "usr/share/keyrings/*",
	} {
		names, err := fs.Glob(machine, pattern)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			data, err := fs.ReadFile(machine, name)
			if err != nil && !errors.Is(err, fs.ErrPermission) { // such a file is not for this user's apt either
				return "", err
			}
			lines = append(lines, name, string(data))
		}
	}
	return layer.Digest(lines...), nil
}

// unpacking is the creation of one layer.
type unpacking struct {
	In
	name     string
	image    []debian.Package // which have the dependencies
	forImage bool
}

// status returns the database of dpkg that apt is to assume.
func (u unpacking) status() string {
	var texts []string
	for _, p := range u.image {
		texts = append(texts, p.Text+"\n")
	}
	return strings.Join(texts, "\n")
}

// fillOrWarn fills the layer. If the user names no package, an error of apt is a warning: the images may have what the
// packages of the app need. The next build tries again.
func (u unpacking) fillOrWarn(ctx context.Context, dir string) (known layer.Filled, err error) {
	known, err = u.fill(ctx, dir)
	user, explained := fail.User(err)
	if !explained || len(u.Plan.Debian.Named) > 0 || ctx.Err() != nil {
		return known, err
	}
	u.Log.Warn("no Debian packages: %s. If an image lacks a library, the app does not start", user.What)
	return layer.Filled{Temporary: true}, nil
}

// fill runs the steps of the layer. The errors of apt are explained.
func (u unpacking) fill(ctx context.Context, dir string) (known layer.Filled, err error) {
	state := filepath.Join(u.Private, "apt-"+u.name)
	for _, d := range []string{"archives/partial", "files"} {
		if err := os.MkdirAll(filepath.Join(state, d), 0o755); err != nil {
			return known, err
		}
	}
	if err := os.MkdirAll(filepath.Join(u.Private, "apt-lists", "partial"), 0o755); err != nil {
		return known, err
	}
	if err := os.WriteFile(filepath.Join(state, "status"), []byte(u.status()), 0o644); err != nil {
		return known, err
	}
	files, err := u.download(ctx, filepath.Join(state, "archives"))
	if err != nil {
		return known, err
	}
	target := target{dir: dir, forImage: u.forImage, owners: map[string]string{}, sizes: map[string]int64{}}
	if known.BOM, err = u.unpack(ctx, files, target); err != nil {
		return known, err
	}
	libraries, err := target.finish()
	known.Facts = layer.Facts{librariesFact: strings.Join(libraries, " ")}
	u.Log.Body("packages unpacked: %d", len(known.BOM))
	return known, errors.Join(err, os.RemoveAll(state))
}

// librariesFact has the names of the shared libraries in a layer, each with its package.
const librariesFact = "libraries"

// Libraries returns the packages of the shared libraries in a layer of Debian packages, by the name of the library.
func Libraries(known layer.Filled) map[string]string {
	packages := map[string]string{}
	for _, word := range strings.Fields(known.Facts[librariesFact]) {
		library, name, _ := strings.Cut(word, "=")
		packages[library] = name
	}
	return packages
}

// distro returns the namespace of package URLs.
func distro(c layer.Common) string {
	name, _, _ := strings.Cut(c.Distro, " ")
	return cmp.Or(name, "debian")
}
