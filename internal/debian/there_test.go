package debian

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestFilesShowWhatIsThere(t *testing.T) {
	for name, c := range map[string]struct {
		files, vars, arch, build, run string
	}{
		"nothing":                       {"usr/include/x.h", "", "amd64", "", ""},
		"a program":                     {"usr/bin/pg_config", "PATH=/bin:/usr/bin", "amd64", "libpq-dev", ""},
		"a program that is not on PATH": {"opt/bin/pg_config", "PATH=/bin:/usr/bin", "amd64", "", ""},
		"a header of the image":         {"usr/include/ldap.h", "", "amd64", "libldap-dev", ""},
		"a header in a directory below": {"usr/local/include/sasl/sasl.h", "", "arm64", "libsasl2-dev", ""},
		"a header of another buildpack": {"layers/x/include/ldap.h", "CPATH=:/layers/x/include", "amd64",
			"libldap-dev", ""},
		"a header for C alone": {"opt/i/ldap.h", "C_INCLUDE_PATH=/opt/i", "amd64", "libldap-dev", ""},
		"pkg-config": {"usr/lib/aarch64-linux-gnu/pkgconfig/cairo.pc", "", "arm64",
			"libcairo2-dev", ""},
		"pkg-config of another architecture": {"usr/lib/aarch64-linux-gnu/pkgconfig/cairo.pc", "", "amd64", "", ""},
		"pkg-config of another buildpack": {"layers/x/pc/mariadb.pc", "PKG_CONFIG_PATH=/layers/x/pc", "amd64",
			"default-libmysqlclient-dev", ""},
		"a library without its headers": {"usr/lib/x86_64-linux-gnu/libpq.so.5", "", "amd64", "", ""},
		"a library":                     {"usr/lib/x86_64-linux-gnu/libGL.so.1", "", "amd64", "libgl1", ""},
		"a library of another buildpack": {"layers/x/lib/libpq.so.5", "LD_LIBRARY_PATH=/layers/x/lib", "amd64",
			"", "libpq-dev"},
		"a library to link and to load": {"layers/x/lib/libcairo.so.2", "LD_LIBRARY_PATH=/a:/layers/x/lib",
			"amd64", "libcairo2", "libcairo2"},
		"a library to link": {"layers/x/lib/libcairo.so.2", "LIBRARY_PATH=/layers/x/lib", "amd64",
			"libcairo2", ""},
		"a directory whose name is no pattern": {"layers/[x/lib/libpq.so.5", "LD_LIBRARY_PATH=/layers/[x/lib", "amd64",
			"", ""},
	} {
		vars := map[string]string{}
		for _, v := range strings.Fields(c.vars) {
			key, value, _ := strings.Cut(v, "=")
			vars[key] = value
		}
		s := Search{Machine: fstest.MapFS{c.files: {}}, Vars: vars, Arch: c.arch}
		if got := strings.Join(s.Build(), " "); got != c.build {
			t.Errorf("%s: for the build %q", name, got)
		}
		if got := strings.Join(s.Run(), " "); got != c.run {
			t.Errorf("%s: in the image %q", name, got)
		}
	}
}

// A file of a package that no row has would be looked for in vain, and one without a kind never.
func TestTableOfFiles(t *testing.T) {
	listed := map[string]bool{}
	for _, k := range Libraries() {
		for _, name := range strings.Fields(k.Build + " " + k.Image + " " + k.Dev) {
			listed[name] = true
		}
	}
	for name, files := range shownBy() {
		if !listed[name] || len(files) == 0 {
			t.Errorf("%s is in no row", name)
		}
		for _, file := range files {
			kind, rest, _ := strings.Cut(file, "/")
			if !strings.Contains(" bin include pkgconfig lib loads ", " "+kind+" ") || rest == "" ||
				kind == "loads" && !strings.HasSuffix(name, "-dev") {
				t.Errorf("%s: %s", name, file)
			}
		}
	}
}
