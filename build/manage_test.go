package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testManage(t *testing.T, when spec.G, it spec.S) {
	it("Django in a folder has its modules on the path", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "django\n", "backend/manage.py": "import django\n",
			"backend/locale/de/LC_MESSAGES/django.po": "msgid \"a\"\nmsgstr \"A\"\n",
			"backend/locale/fr/LC_MESSAGES/django.po": "nothing\n",
		})
		t.Setenv("BP_DJANGO_COMMANDS_BEFORE", "check --deploy; showmigrations")
		t.Setenv("BP_DJANGO_COMMANDS_AFTER", "compress 'a b'")
		result, err := b.build()
		if err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		for _, command := range []string{"check --deploy", "showmigrations", "collectstatic --noinput",
			"compress a b"} {
			env := b.seen("python backend/manage.py " + command)
			if want := b.app + ":" + filepath.Join(b.app, "backend"); env["PYTHONPATH"] != want {
				t.Errorf("%s sees PYTHONPATH=%s, want %s", command, env["PYTHONPATH"], want)
			}
			if len(env["SECRET_KEY"]) != 64 {
				t.Errorf("%s sees no SECRET_KEY", command)
			}
		}
		mo, err := os.ReadFile(filepath.Join(b.app, "backend/locale/de/LC_MESSAGES/django.mo"))
		if err != nil || !strings.Contains(string(mo), "A\x00") {
			t.Errorf("the translation is %q, %v", mo, err)
		}
		if want := "Warning: backend/locale/fr/LC_MESSAGES/django.po is not compiled"; !strings.Contains(b.log.String(),
			want) {
			t.Errorf("%q is not in the log:\n%s", want, &b.log)
		}
		for _, p := range result.Processes {
			if p.Type == "migrate" && (p.Default || p.Command[2] != "exec python backend/manage.py migrate --noinput") {
				t.Errorf("got %+v", p)
			}
		}
	})

	// Requirements beside manage.py are installed as their owner does it, in their folder: so ./libs means a folder beside them. A change of
	// files of another directory rebuild the packages.
	it("packages described beside manage.py are installed there", func() {
		b := newBench(t, map[string]string{
			"backend/manage.py": "import django\n", "backend/requirements.txt": "-r ../common.txt\n./libs/tax\n",
			"common.txt": "django\n", "backend/libs/tax/setup.py": "",
		})
		install := "uv pip install"
		result, err := b.build()
		if err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		for _, p := range result.Processes {
			if want := filepath.Join(b.app, "backend"); p.WorkingDirectory != want {
				t.Errorf("%s starts in %q, want %s", p.Type, p.WorkingDirectory, want)
			}
		}
		if got, want := b.seen(install)["PWD"], filepath.Join(b.app, "backend"); got != want {
			t.Errorf("uv works in %s, want %s", got, want)
		}
		env := b.seen("python manage.py collectstatic")
		if want := filepath.Join(b.app, "backend"); env["PWD"] != want || env["PYTHONPATH"] != b.app+":"+want {
			t.Errorf("collectstatic works in %s with PYTHONPATH=%s", env["PWD"], env["PYTHONPATH"])
		}
		for _, changed := range []string{"", "common.txt", "backend/libs/tax/setup.py"} {
			if changed != "" {
				b.write(map[string]string{changed: "changed\n"})
			}
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			if got := strings.Contains(strings.Join(b.called(), "\n"), install); got != (changed != "") {
				t.Errorf("after a change of %q packages are installed: %v\n%s", changed, got, &b.log)
			}
		}
	})

	// The variable of the platform wins over what another platform's file says.
	it("a file of another platform never overrides a variable", func() {
		for _, value := range []string{"", "0"} { // the first is not set, and the second stays
			b := newBench(t,
				map[string]string{"requirements.txt": "django\n", "manage.py": "",
					"app.json": `{"env": {"DISABLE_COLLECTSTATIC": "1", "API_KEY": {}}}`})
			if value != "" {
				t.Setenv("DISABLE_COLLECTSTATIC", value)
			}
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			if got := strings.Contains(strings.Join(b.called(), "\n"),
				"manage.py collectstatic"); got != (value == "0") {
				t.Errorf("DISABLE_COLLECTSTATIC=%q: collectstatic runs: %v\n%s", value, got, &b.log)
			}
			if !strings.Contains(b.log.String(), "does not have: API_KEY") {
				t.Errorf("the log does not name API_KEY:\n%s", &b.log)
			}
		}
	})
}
