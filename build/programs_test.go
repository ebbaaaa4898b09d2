package build

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

// withTailwindCLI are the fakes with django-tailwind-cli, whose command downloads a program unless it is there.
func withTailwindCLI() map[string]string {
	uv := maps.Clone(fakeUV)
	uv["uv"] = strings.Replace(uv["uv"], "case \"$1\" in\n", `case "$*" in
*" tailwind build")
	mkdir -p .django_tailwind_cli && cd .django_tailwind_cli
	[ -e "tailwindcss-$TAILWIND_VERSION" ] || { echo "downloads $TAILWIND_VERSION"; echo x >"tailwindcss-$TAILWIND_VERSION"; }
	echo "$TAILWIND_VERSION" >source.css
	exit ;;
esac
case "$1" in
`, 1)
	uv["uv"] += `mkdir "$venv/lib/python3.13/site-packages/django_tailwind_cli-4.8.1.dist-info"` + "\n"
	return uv
}

func testPrograms(t *testing.T, _ spec.G, it spec.S) {
	it("the program that django-tailwind-cli downloads is cached and not in the image", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\ndjango-tailwind-cli\n"})
		b.replace("uv", withTailwindCLI())
		t.Setenv("BP_DJANGO_COMMANDS_BEFORE", "tailwind build")
		for _, c := range []struct {
			version   string
			downloads bool
		}{{"1", true}, {"1", false}, {"2", true}, {"2", false}, {"2", false}, {"1", true}} {
			t.Setenv("TAILWIND_VERSION", c.version)
			b.mustBuild()
			if got := strings.Contains(b.log.String(), "downloads "+c.version); got != c.downloads {
				t.Errorf("version %s: downloaded %v:\n%s", c.version, got, &b.log)
			}
			if _, err := os.Lstat(filepath.Join(b.app, ".django_tailwind_cli")); !os.IsNotExist(err) {
				t.Errorf("the directory is in the image: %v", err)
			}
		}
	})

	it("a program that another step has written is not cached", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\ndjango-tailwind-cli\n",
			"bin/post_compile": "[ -z \"$CHANGES\" ] || echo y >.django_tailwind_cli/tailwindcss-$CHANGES\n"})
		b.replace("uv", withTailwindCLI())
		t.Setenv("BP_DJANGO_COMMANDS_BEFORE", "tailwind build")
		t.Setenv("TAILWIND_VERSION", "1")
		for _, c := range []struct {
			changes   string
			downloads bool
		}{{"1", true}, {"", true}, {"1", false}, {"", true}, {"2", false}, {"", false}} {
			t.Setenv("CHANGES", c.changes)
			b.mustBuild()
			log := b.log.String()
			if got := strings.Contains(log, "downloads 1"); got != c.downloads {
				t.Errorf("after a change of %q: downloaded %v:\n%s", c.changes, got, log)
			}
			want := map[string]string{
				"1": "a step of this build changed tailwindcss-1", "2": "only manage.py tailwind may download it",
			}[c.changes]
			if !strings.Contains(log, want) || (want == "") != !strings.Contains(log, "program is not cached") {
				t.Errorf("with a change of %q:\n%s", c.changes, log)
			}
		}
	})

	it("a program of the source stays", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\ndjango-tailwind-cli\n",
			".django_tailwind_cli/tailwindcss-1": "x"})
		b.replace("uv", withTailwindCLI())
		t.Setenv("BP_DJANGO_COMMANDS_BEFORE", "tailwind build")
		t.Setenv("TAILWIND_VERSION", "1")
		b.mustBuild()
		if text, err := os.ReadFile(filepath.Join(b.app, ".django_tailwind_cli/tailwindcss-1")); string(text) != "x" {
			t.Errorf("%q, %v", text, err)
		}
	})

	it("large programs that a step writes are named", func() {
		b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n",
			"bin/post_compile": "head -c 12000000 /dev/zero >tool; cp tool data; chmod 755 tool\n"})
		b.mustBuild()
		const want = "Programs that a step has written are in the image: tool (12 MB)\n"
		if !strings.Contains(b.log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, &b.log)
		}
	})
}
