package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sclevine/spec"
)

func testAppFiles(t *testing.T, when spec.G, it spec.S) {
	// STATIC_ROOT may be anywhere. Files of the app lose their time before collectstatic, others nothing.
	it("a static root outside of the app is left alone", func() {
		for name, c := range map[string]struct {
			root  string
			older bool
		}{
			"in the app": {"static_root", true}, "a link in the app": {"inner", true},
			"beside the app":   {"../outside", false},
			"a link out of it": {"link", false},
			"the app itself":   {".", false}, "the machine": {"../../../../../../..", false},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t,
					map[string]string{"manage.py": "", "requirements.txt": "django\n", "static_root/a.css": ""})
				outside := filepath.Join(b.dir, "outside", "a.css")
				b.must(os.MkdirAll(filepath.Dir(outside), 0o755))
				b.must(os.WriteFile(outside, nil, 0o644))
				b.must(os.Symlink(filepath.Dir(outside), filepath.Join(b.app, "link")))
				b.must(os.Symlink("static_root", filepath.Join(b.app, "inner")))
				b.replace("uv", settingsOf(`printf '{"StaticRoot": "%s", "Staticfiles": true, "LocalStatic": true}' "`+
					filepath.Join(b.app, c.root)+`"; exit`))
				if err := b.fenced(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				for file, older := range map[string]bool{outside: false,
					filepath.Join(b.app, "static_root/a.css"): c.older} {
					if info, err := os.Stat(file); err != nil || (time.Since(info.ModTime()) > time.Hour) != older {
						t.Errorf("%s is of %v, %v", file, info.ModTime(), err)
					}
				}
			})
		}
	})

	// Hooks make links with absolute targets in the app, since they know where it is: these are files of the app.
	it("absolute links of a hook", func() {
		b := newBench(t, simple())
		b.write(map[string]string{
			"config/Procfile": "web: true\n", "config/requirements.txt": "django\n",
			"config/post": "#!/bin/sh\necho RAN\n",
			"bin/pre_compile": `rm -f requirements.txt Procfile
ln -s "$BUILD_DIR/config/requirements.txt" "$BUILD_DIR/config/Procfile" .
ln -s "$BUILD_DIR/config/post" bin/post_compile
`,
		})
		result, err := b.build()
		b.must(err)
		if len(result.Processes) == 0 || result.Processes[0].Type != "web" ||
			!strings.Contains(b.log.String(), " RAN\n") {
			t.Errorf("%+v\n%s", result.Processes, &b.log)
		}
	})
}
