package apt

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// shells are steps with a shell's commands in the place of apt's and dpkg's. The packages that are known only now are
// the arguments.
func shells(name, archives string) []plan.Step {
	step := func(id string, kind plan.Kind, command string) plan.Step {
		s := plan.Step{ID: id, Kind: kind, Fills: plan.Fills{Layer: name, From: plan.Fresh}}
		s.Argv, s.Env, s.In = []string{"sh", "-c", command, "sh"}, plan.EnvOwn, archives
		s.Failed = "The installation of Debian packages"
		return s
	}
	names := step("names", plan.DebianIndex, "echo 'Depends: libnamed1 (= 1)'")
	names.Output = filepath.Join(archives, "..", "..", "names")
	return []plan.Step{
		names, step("get", plan.DebianPackages, "[ ! -e ../fail ] || exit 3\n"+
			"touch libx1_1%3a2_all.deb libc6_1_all.deb other; for p; do touch ${p}_3_all.deb; done"),
		step("files", plan.DebianFiles, `mkdir -p "$2/usr/bin" "$2/usr/lib"
touch "$2/usr/bin/$(basename "$2")" "$2/usr/lib/$(basename "$2").so"`),
	}
}

// machine returns the inputs of layers that shells fill, and the log.
func machine(t *testing.T) (In, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	in := In{More: []string{"libmore1"}, Now: time.Unix(0, 0),
		Run:   []debian.Package{{Name: "a", Text: "Package: a"}, {Name: "b", Text: "Package: b"}},
		Build: []debian.Package{{Name: "c", Text: "Package: c"}}}
	in.Private, in.Root = t.TempDir(), t.TempDir()
	in.Machine, in.Log, in.Reaper = fstest.MapFS{}, ui.New(&log).Branch(""), run.NewReaper()
	in.Free = func() string { return "" }
	in.Envs = environ.Of(environ.Platform{Vars: run.Env{"PATH": os.Getenv("PATH")}, Root: in.Root})
	for _, name := range []string{plan.DebianLayer, plan.DebianBuildLayer} {
		in.Plan.Steps = append(in.Plan.Steps, shells(name, filepath.Join(in.Private, "apt-"+name, "archives"))...)
	}
	in.Layers = layer.NewSet(t.Context(), libcnb.Layers{Path: t.TempDir()})
	return in, &log
}

// unpackingOf returns the creation of a layer by in.
func unpackingOf(in In, name string) unpacking {
	u := unpacking{In: in, name: name, image: in.Run, forImage: name == plan.DebianLayer}
	if !u.forImage {
		u.image = in.Build
	}
	return u
}

func TestPackagesAreUnpacked(t *testing.T) {
	for name, want := range map[string][]string{
		plan.DebianLayer:      {"libmore1", "libnamed1", "libx1"},
		plan.DebianBuildLayer: {"libnamed1", "libx1"},
	} {
		in, log := machine(t)
		u, dir := unpackingOf(in, name), t.TempDir()
		known, err := u.fillOrWarn(t.Context(), dir)
		if err != nil || known.Temporary {
			t.Fatalf("%s: %v\n%s", name, err, log)
		}
		if got := slices.Sorted(mapKeys(Libraries(known), ".so")); !slices.Equal(got, want) {
			t.Errorf("%s: the libraries are of %q, want %q", name, got, want)
		}
		if len(known.BOM) != len(want) || !strings.Contains(known.BOM[len(want)-1].PURL, "libx1@1:2") {
			t.Errorf("%s: the bill of materials has %q", name, known.BOM)
		}
		if _, err := os.Stat(filepath.Join(in.Private, "apt-"+name)); !os.IsNotExist(err) {
			t.Errorf("%s: apt's state is left: %v", name, err)
		}
		if got := strings.Contains(log.String(), "also installed: libmore1 libnamed1"); got != u.forImage {
			t.Errorf("%s: the log:\n%s", name, log)
		}
	}
}

func TestTheLogNamesWhatIsAlsoInstalled(t *testing.T) {
	in, log := machine(t)
	in.More = nil
	in.Plan.Steps = slices.DeleteFunc(in.Plan.Steps, func(s plan.Step) bool { return s.Kind == plan.DebianIndex })
	known, err := unpackingOf(in, plan.DebianLayer).fill(t.Context(), t.TempDir())
	if err != nil || len(known.BOM) != 1 || strings.Contains(log.String(), "also installed") {
		t.Errorf("%+v, %v\n%s", known, err, log)
	}
}

// mapKeys returns the packages of libraries, which have their names with an end.
func mapKeys(libraries map[string]string, end string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for library, name := range libraries {
			if library == name+end && !yield(name) {
				return
			}
		}
	}
}

// A failure of apt ends the build only if the user has named a package, or the build has ended.
func TestAFailureOfAptIsAWarningIfNobodyHasNamedAPackage(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		named []string
		ctx   context.Context
		spoil func(in In) error
		warns bool
	}{
		"nothing named": {nil, t.Context(), failing, true},
		"named":         {[]string{"libx1"}, t.Context(), failing, false},
		"ended":         {nil, ended, failing, false},
		"our own error": {nil, t.Context(), func(in In) error {
			return os.WriteFile(filepath.Join(in.Private, "apt-lists"), nil, 0o644)
		}, false},
	} {
		in, log := machine(t)
		in.Plan.Debian.Named = c.named
		if err := c.spoil(in); err != nil {
			t.Fatal(err)
		}
		known, err := unpackingOf(in, plan.DebianLayer).fillOrWarn(c.ctx, t.TempDir())
		if got := strings.Contains(log.String(), "no Debian packages: "); got != c.warns || (err == nil) != c.warns {
			t.Errorf("%s: warns %v, %v\n%s", name, got, err, log)
		}
		if known.Temporary != c.warns {
			t.Errorf("%s: temporary %v", name, known.Temporary)
		}
		if _, explained := fail.User(err); name == "named" && !explained {
			t.Errorf("the error is not explained: %v", err)
		}
	}
}

// failing makes the download fail.
func failing(in In) error {
	state := filepath.Join(in.Private, "apt-"+plan.DebianLayer)
	return os.MkdirAll(filepath.Join(state, "fail"), 0o755)
}

// What cannot be written or read is an error, in whatever place.
func TestErrorsOfTheDiskEndTheInstallation(t *testing.T) {
	state := "apt-" + plan.DebianLayer
	for _, file := range []string{state, "apt-lists", state + "/status/x", state + "/files/libx1", "names/x"} {
		in, log := machine(t)
		blocked := filepath.Join(in.Private, file)
		if err := os.MkdirAll(filepath.Dir(blocked), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(blocked, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if known, err := unpackingOf(in, plan.DebianLayer).fill(t.Context(), t.TempDir()); err == nil {
			t.Errorf("%s: %+v\n%s", file, known, log)
		}
	}
	in, _ := machine(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, rootDir), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := unpackingOf(in, plan.DebianLayer).fill(t.Context(), dir); err == nil {
		t.Error("a layer that cannot be written is no error")
	}
}

// Each layer depends on the packages of its own image. Only that of the image has what libraries of the app need.
func TestWhatALayerDependsOn(t *testing.T) {
	in, _ := machine(t)
	in.Plan.Debian = plan.Debian{Run: []string{"libx1"}, Build: []string{"libx-dev"}, Dev: []string{"liby-dev"}}
	for name, want := range map[string][]string{
		plan.DebianLayer: {"Debian packages of the image", "libx1 libmore1", "liby-dev",
			"Package: a\n\nPackage: b\n"},
		plan.DebianBuildLayer: {"Debian packages for the build", "libx-dev", "", "Package: c\n"},
	} {
		made, err := Declare(in, name)
		if err != nil {
			t.Fatal(err)
		}
		key, _ := made.Key.(packagesKey)
		want[3] = layer.Digest(want[3])
		if diff := cmp.Diff(want, []string{made.Title, key.Packages, key.Dev, key.Image}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if made.Ship != (name == plan.DebianLayer) {
			t.Errorf("%s is in the image: %v", name, made.Ship)
		}
	}
}

func TestSourcesThatCannotBeReadAreAnError(t *testing.T) {
	fsys := fstest.MapFS{"etc/apt/sources.list": {Data: []byte("deb x")}}
	one, err := sourcesDigest(fsys)
	if err != nil {
		t.Fatal(err)
	}
	fsys["etc/apt/keyrings/x"] = &fstest.MapFile{Data: []byte("key")}
	if other, err := sourcesDigest(fsys); err != nil || other == one {
		t.Errorf("another key gives the same digest: %v", err)
	}
	fsys["etc/apt/trusted.gpg"] = &fstest.MapFile{Mode: os.ModeDir}
	if got, err := sourcesDigest(fsys); err == nil {
		t.Errorf("a directory in the place of a file: %s", got)
	}
	if diff := cmp.Diff("debian", distro(layer.Common{})); diff != "" {
		t.Error(diff)
	}
}
