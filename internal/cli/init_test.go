package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shop is an app whose settings need a variable, with a private file.
var shop = map[string]string{
	"manage.py": "#!/usr/bin/env python\nimport os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n" +
		"from django.core.management import execute_from_command_line\n",
	"shop/__init__.py": "", "shop/settings.py": "import os\nDB = os.environ['DATABASE_URL']\n",
	"shop/wsgi.py": "application = None\n", "requirements.txt": "django==5.2\ngunicorn==23\n",
	".env": "A=b\n", "keys/[a].pem": "-----BEGIN PRIVATE KEY-----\n", "package.json": "{}",
	"node_modules/x/package.json": "{}",
}

// write writes files into a new directory.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755),
			os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestInit(t *testing.T) {
	const written = "[_]\nschema-version = \"0.2\"\n\n[io.buildpacks]\nbuilder = \"heroku/builder:26\"\n" +
		"exclude = [\".env\", \"node_modules\"]\n[[io.buildpacks.group]]\nuri = \"tandemcnb/python-node:0.1\"\n"
	const variable = "[[io.buildpacks.build.env]]\nname = \"DATABASE_URL\"\nvalue = \"sqlite:///x\"\n"
	dir := write(t, shop)
	for _, c := range []struct {
		args []string
		code int
		said []string
		file string
	}{
		{[]string{"--check"}, 1, []string{"+[_]\n"}, ""},
		{[]string{"--dry-run"}, 1, []string{"+[_]\n"}, ""},
		{nil, 1, []string{"+exclude = [\".env\", \"node_modules\"]\n",
			"needs a value for DATABASE_URL (shop/settings.py:2):\n    tandem init --set DATABASE_URL=…\n"}, written},
		{[]string{"--set", "DATABASE_URL=sqlite:///x"}, 0,
			[]string{"--- project.toml\n+++ project.toml\n@@ -6,3 +6,6 @@\n exclude",
				"+value = \"sqlite:///x\"\n", "Build it:\n    pack build "}, written + variable},
		{nil, 0, []string{"project.toml has everything.\n"}, written + variable},
		{[]string{"--check"}, 0, []string{"project.toml has everything.\n"}, written + variable},
		{[]string{"--dry-run", "--set", "API_TOKEN=b8923jdjwio3jd"}, 0,
			[]string{"Warning: API_TOKEN may be a secret"}, written + variable},
		{[]string{"--set", "=b"}, 2, []string{"--set \"=b\" is not NAME=VALUE", "Run 'tandem help init'"}, written +
			variable},
		{[]string{"--set", "A"}, 2, []string{"--set \"A\" is not NAME=VALUE"}, written + variable},
	} {
		var out bytes.Buffer
		code := Main(append([]string{"init", dir}, c.args...), nil, &out, &out)
		for _, said := range c.said {
			if !strings.Contains(out.String(), said) {
				t.Errorf("%v does not say %q:\n%s", c.args, said, &out)
			}
		}
		file, _ := os.ReadFile(filepath.Join(dir, "project.toml"))
		if code != c.code || string(file) != c.file {
			t.Errorf("%v: exit code %d, and the file is\n%s", c.args, code, file)
		}
	}
}

func TestInitOfWhatItCannotChange(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		code int
		said string
	}{
		"the group is an inline array": {"[_]\nschema-version = \"0.2\"\n[io.buildpacks]\ngroup = []\n", 1,
			"Add these lines to project.toml yourself, because of the way in which it is written:\n" +
				"    [[io.buildpacks.group]]\n"},
		"not TOML":        {"[", 2, "project.toml is not valid TOML"},
		"another builder": {"[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nbuilder = \"x\"\n", 1, "+uri = "},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"project.toml": c.file}
			for name, text := range shop {
				files[name] = text
			}
			dir := write(t, files)
			var out bytes.Buffer
			if code := Main([]string{"init", dir}, nil, &out, &out); code != c.code ||
				!strings.Contains(out.String(), c.said) {
				t.Errorf("exit code %d:\n%s", code, &out)
			}
			file, err := os.ReadFile(filepath.Join(dir, "project.toml"))
			if err != nil || !strings.HasPrefix(string(file), strings.TrimSuffix(c.file, "\n")) {
				t.Errorf("%v: the file has lost something:\n%s", err, file)
			}
		})
	}
	var out bytes.Buffer
	if code := Main([]string{"init", t.TempDir()}, nil, &out, &out); code != 3 ||
		!strings.Contains(out.String(), "does not apply") {
		t.Errorf("exit code %d:\n%s", code, &out)
	}
}

// A link named project.toml that leads out of the directory is not followed.
func TestInitWritesInTheDirectoryAlone(t *testing.T) {
	dir, outside := write(t, shop), filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(dir, "project.toml")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	Main([]string{"init", dir}, nil, &out, &out)
	if _, err := os.Stat(outside); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v: it wrote outside of the directory:\n%s", err, &out)
	}
}
