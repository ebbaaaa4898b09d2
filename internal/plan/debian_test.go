package plan

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// systemPlan is the plan of a Django app with Debian packages.
func systemPlan(t *testing.T, apt config.Apt, s System) Plan {
	t.Helper()
	a := app.Read(fstest.MapFS{
		"manage.py": {Data: []byte("import django")}, "requirements.txt": {Data: []byte("django\n")},
		"Aptfile": {Data: []byte("libpq-dev\npoppler-utils=1.0\n")}, "bin/pre_compile": {Data: []byte("true")},
	}, app.Requested{})
	return systemPlanOf(t, a, apt, s)
}

// systemPlanOf is like systemPlan, for another app.
func systemPlanOf(t *testing.T, a app.App, apt config.Apt, s System) Plan {
	t.Helper()
	inventory, err := versions.Load("", func(string) ([]byte, error) { return nil, os.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Question{
		App: a, Config: config.Config{Apt: apt}, Inventory: inventory, Arch: "amd64", Today: "2026-11-30",
		Places: Places{App: "/workspace", Layers: "/layers"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.WithDebian(s)
}

func TestDebianPackages(t *testing.T) {
	const both = " deb-build debian"
	for name, c := range map[string]struct {
		apt                  config.Apt
		s                    System
		build, run           string
		install, image, note string
	}{
		"the images are not known": {config.Apt{Packages: []string{"gettext", "libpq-dev"}}, System{},
			"gettext libpq-dev poppler-utils=1.0", "gettext libpq-dev poppler-utils=1.0", " deb-build", " debian",
			"unless the image has them"},
		"the build image has one": {config.Apt{}, System{Build: map[string]bool{"libpq-dev": true, "poppler-utils": true},
			Run: map[string]bool{}}, "poppler-utils=1.0", "libpq-dev poppler-utils=1.0", " deb-build", " debian",
			"Debian packages for the build: poppler-utils=1.0"},
		"off": {config.Apt{Off: true, Packages: []string{"gettext"}}, System{}, "", "", "", "", ""},
	} {
		p := systemPlan(t, c.apt, c.s)
		if b, r := strings.Join(p.Debian.Build, " "), strings.Join(p.Debian.Run, " "); b != c.build || r != c.run {
			t.Errorf("%s: %q, %q", name, b, r)
		}
		seen := map[string]string{}
		for _, step := range p.Steps {
			for _, layer := range step.Needs {
				if strings.Contains(both, layer) {
					seen[step.ID] += " " + layer
				}
			}
		}
		want := map[string]string{}
		for id, layers := range map[string]string{
			"python/install:2": c.install, "python/settings": c.install + c.image, "collectstatic": c.install + c.image,
			"python/install:1": c.install, "python/update:1": c.install,
		} {
			if layers != "" {
				want[id] = layers
			}
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !slices.ContainsFunc(p.Notes, func(n StagedNote) bool {
			return strings.HasPrefix(n.ID, "apt/") && strings.Contains(n.Text, c.note)
		}) != (c.note == "") {
			t.Errorf("%s: %q", name, note.Texts(p.all()))
		}
	}
}

// What the steps are, in the words that the log has.
func TestStepsOfDebianPackages(t *testing.T) {
	p := systemPlan(t, config.Apt{}, System{CAs: "/layers/private/ca.pem"})
	var got []string
	for _, step := range p.Filling(DebianLayer, Fresh) {
		got = append(got, step.ID+": "+Shown(step.Argv))
	}
	want := []string{
		"debian/index:debian: apt-get --config-file debian.conf update",
		"debian/packages:debian: apt-get --config-file debian.conf install --yes --download-only " +
			"--no-install-recommends --no-remove -- libpq-dev poppler-utils=1.0",
		"debian/known:debian: apt-cache --config-file debian.conf pkgnames",
		"debian/versions:debian: apt-cache --config-file debian.conf madison -- libpq-dev poppler-utils",
		"debian/files:debian: dpkg-deb --extract",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	text := p.Filling(DebianLayer, Fresh)[0].Input.Text
	for _, line := range []string{
		`Dir::State::status "/layers/private/apt-debian/status";`, `Acquire::https::CaInfo "/layers/private/ca.pem";`,
		`#clear APT::Update::Post-Invoke;`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not in the settings:\n%s", line, text)
		}
	}
	if strings.Contains(text, "AllowUnauthenticated") {
		t.Errorf("the settings accept packages without a signature:\n%s", text)
	}
}

func TestDebianPackagesOfPythonPackages(t *testing.T) {
	none := map[string]bool{}
	for name, c := range map[string]struct {
		packages        []manager.ListedPackage
		apt             config.Apt
		build, run      map[string]bool
		geo             bool
		want, why, vars string
	}{
		"compiled": {packages: []manager.ListedPackage{{Name: "psycopg2"}}, build: none, run: none,
			want: "build libpq-dev, run , dev libpq-dev", why: "psycopg2"},
		"a wheel": {packages: []manager.ListedPackage{{Name: "mysqlclient", Wheels: manager.FittingWheel}}, build: none,
			run: none, want: "build , run , dev "},
		"the images have it": {packages: []manager.ListedPackage{{Name: "psycopg2"}},
			build: map[string]bool{"libpq-dev": true}, run: map[string]bool{"libpq5": true}, want: "build , run , dev "},
		"the build image has it": {packages: []manager.ListedPackage{{Name: "psycopg2"}},
			build: map[string]bool{"libpq-dev": true}, run: map[string]bool{"libpq-common": true},
			want: "build , run , dev libpq-dev", why: "psycopg2"},
		"loaded": {packages: []manager.ListedPackage{{Name: "python-magic"}, {Name: "weasyprint"}}, build: none, run: none,
			want: "build , run fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0, dev libmagic-dev",
			why:  "python-magic weasyprint", vars: "FONTCONFIG_FILE MAGIC"},
		"an extra includes it": {packages: []manager.ListedPackage{{Name: "psycopg", Extras: "pool, binary"}}, build: none,
			run: none, want: "build , run , dev "},
		"another package includes it": {packages: []manager.ListedPackage{{Name: "psycopg"}, {Name: "psycopg-binary"}},
			build: none, run: none, want: "build , run , dev "},
		"pure": {packages: []manager.ListedPackage{{Name: "psycopg", Extras: "pool"}}, build: none, run: none,
			want: "build , run , dev libpq-dev", why: "psycopg"},
		"GeoDjango": {build: none, run: none, geo: true, want: "build , run , dev libgdal-dev libgeos-dev libproj-dev",
			why: "GeoDjango", vars: "GDAL_DATA PROJ_DATA"},
		"listed only": {packages: []manager.ListedPackage{{Name: "psycopg2"}}, apt: config.Apt{Listed: true}, build: none,
			run: none, geo: true, want: "build , run , dev "},
		"off": {packages: []manager.ListedPackage{{Name: "psycopg2"}}, apt: config.Apt{Off: true}, want: "build , run , dev "},
	} {
		a := app.Read(fstest.MapFS{"requirements.txt": {}}, app.Requested{})
		p := systemPlanOf(t, a, c.apt, System{Build: c.build, Run: c.run, Geo: c.geo, Listed: manager.Listed{Packages: c.packages}})
		d := p.Debian
		got := "build " + strings.Join(d.Build, " ") + ", run " + strings.Join(d.Run, " ") + ", dev " + strings.Join(d.Dev, " ")
		if vars := strings.Join(slices.Sorted(maps.Keys(d.Vars)), " "); got != c.want || strings.Join(d.Why, " ") != c.why ||
			vars != c.vars {
			t.Errorf("%s: %q, why %q, variables %q", name, got, d.Why, vars)
		}
		if steps := p.Filling(DebianLayer, Fresh); (len(steps) > 0) != d.Image() ||
			len(d.Dev) > 0 && steps[1].Argv[0] != "apt-cache" {
			t.Errorf("%s: steps %+v", name, steps)
		}
	}
}
