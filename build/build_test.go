package build

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/report"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Fake programs write what they were called with into $CALLS and their environment into $CALLS.<process id>.
const record = `#!/bin/sh
env >"$CALLS.$$"
echo "$$ $(basename "$0") $*" >>"$CALLS"
`

// The fakes do as much of the real programs' work as the build looks at.
var (
	fakeNode = map[string]string{"bin/node": record, "lib/node_modules/npm/package.json": `{"version": "11.6.0"}`,
		"include/node/node.h": "the headers\n",
		"bin/npm": record + `case "$1" in
ci|install)
	cat npm-says 2>/dev/null
	mkdir -p node_modules/.bin node_modules/dev; echo tool >node_modules/.bin/tool; ln -sf ../.. node_modules/self
	for tool in npm pnpm yarn; do
		case "$(cat package.json) $* " in *"\"$tool\":"*|*" $tool@"*)
			mkdir -p node_modules/$tool; cp "$0" node_modules/$tool/x
			echo "{\"version\": \"9.9.9\", \"bin\": {\"$tool\": \"x\"}}" >node_modules/$tool/package.json
		esac
	done ;;
prune) rm -r node_modules/dev ;;
run) exec sh -c "$(sed -n "s/.*\"$2\": \"\([^\"]*\)\".*/\1/p" package.json)" ;;
esac
`}
	fakePython = map[string]string{"lib/python3.13/os.py": "",
		"lib/python3.13/_sysconfigdata__linux.py": "build_time_vars = {}\n", "bin/python3": record,
		"bin/python": record}
	fakeUV = map[string]string{"uv": record + `[ "$1" = venv ] || exit 0
for venv; do :; done
mkdir -p "$venv/bin" "$venv/lib/python3.13/site-packages/Django-5.2.dist-info" "$venv/lib/python3.13/site-packages/gunicorn-23.0.dist-info"
cat >"$venv/bin/python" <<'X'
` + record + `case "$1" in
*/settings.py) [ -e broken-settings ] && exit 1
echo "{\"StaticRoot\": \"$PWD/static_root\", \"Staticfiles\": true, \"WSGI\": \"site.wsgi.application\"}" ;;
*/prove.py) echo "[$(grep -o '"Module"' "$2" | sed 's/.*/{"Status": "there"}/' | paste -sd ,)]" ;;
esac
X
chmod +x "$venv/bin/python"
`}
)

// bench is a buildpack with fake archives, an app, and a layers folder that stays from build to build.
type bench struct {
	t                       *testing.T
	dir, app, layers, calls string
	log                     bytes.Buffer
	store                   map[string]any // of the last build, as the lifecycle keeps it
	now                     time.Time      // zero: the real clock
	machine                 fstest.MapFS   // what the limits of the container are read from; none by itself
	bindings                libcnb.Bindings
	exported                func(libcnb.Layer)
}

func newBench(t *testing.T, files map[string]string) *bench {
	dir := t.TempDir()
	b := &bench{t: t, dir: dir, app: filepath.Join(dir, "app ü"), layers: filepath.Join(dir, "layers"),
		calls: filepath.Join(dir, "calls")}
	for _, d := range []string{b.app, b.layers, filepath.Join(dir, "tmp"), filepath.Join(dir, "buildpack")} {
		b.must(os.MkdirAll(d, 0o755))
	}
	b.write(files)
	var inventory []map[string]any
	for id, contents := range map[string]map[string]string{"node": fakeNode, "cpython": fakePython, "uv": fakeUV} {
		uri, sum := b.archive(id, contents)
		version := map[string]string{"node": "24.1.0", "cpython": "3.13.1", "uv": "0.12.0"}[id]
		for _, arch := range []string{"amd64", "arm64"} {
			inventory = append(inventory,
				map[string]any{"id": id, "version": version, "build": "1", "arch": arch, "uri": uri, "sha256": sum,
					"strip": 1})
		}
	}
	data, err := json.Marshal(inventory)
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, "buildpack", "inventory.json"), data, 0o644))
	t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	t.Setenv("CALLS", b.calls)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) write(files map[string]string) {
	b.t.Helper()
	for name, text := range files {
		path := filepath.Join(b.app, name)
		b.must(os.MkdirAll(filepath.Dir(path), 0o755))
		b.must(os.WriteFile(path, []byte(text), 0o644))
	}
}

func (b *bench) archive(id string, files map[string]string) (uri, sum string) {
	b.t.Helper()
	var data bytes.Buffer
	zipped := gzip.NewWriter(&data)
	packed := tar.NewWriter(zipped)
	for name, text := range files {
		b.must(packed.WriteHeader(&tar.Header{Name: "top/" + name, Typeflag: tar.TypeReg, Mode: 0o755,
			Size: int64(len(text))}))
		_, err := packed.Write([]byte(text))
		b.must(err)
	}
	b.must(errors.Join(packed.Close(), zipped.Close()))
	path := filepath.Join(b.dir, id+".tar.gz")
	b.must(os.WriteFile(path, data.Bytes(), 0o644))
	digest := sha256.Sum256(data.Bytes())
	return "file://" + path, hex.EncodeToString(digest[:])
}

func (b *bench) context() libcnb.BuildContext {
	b.t.Helper()
	return libcnb.BuildContext{
		ApplicationPath: b.app, Layers: libcnb.Layers{Path: b.layers},
		Platform: libcnb.Platform{Path: b.dir, Bindings: b.bindings}, PersistentMetadata: b.store,
		Buildpack: libcnb.Buildpack{Path: filepath.Join(b.dir, "buildpack"), Info: libcnb.BuildpackInfo{Name: "Tandem"},
			Metadata: declared(b.t)},
	}
}

// build runs one build and leaves the layers folder as the next one would find it.
func (b *bench) build() (result libcnb.BuildResult, err error) {
	b.t.Helper()
	b.must(os.WriteFile(b.calls, nil, 0o644))
	b.log.Reset()
	host, err := newHost(b.t.Context(), b.context(), ui.New(&b.log))
	b.must(err)
	defer func() { b.logged(host.Log.Steps(), err) }()
	host.Machine = b.machine
	if !b.now.IsZero() {
		host.Now = func() time.Time { return b.now }
	}
	p, result, err := host.build(b.t.Context())
	b.compareSteps(p, host, err == nil)
	if err != nil {
		host.Layers.Wait()
		return result, err
	}
	b.store = result.PersistentMetadata
	for _, l := range result.Layers {
		f, err := os.Create(filepath.Join(b.layers, l.Name+".toml"))
		b.must(err)
		b.must(errors.Join(toml.NewEncoder(f).Encode(l), f.Close()))
		b.compareBOM(p, l)
		if b.exported != nil {
			b.exported(l)
		}
		if l.Launch {
			b.must(os.RemoveAll(l.Path))
		}
	}
	return result, nil
}

// declared are the configurations of the real buildpack.toml.
func declared(t *testing.T) map[string]any {
	t.Helper()
	var descriptor struct{ Metadata map[string]any }
	if _, err := toml.DecodeFile("../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	return descriptor.Metadata
}

// called are the commands of the last build, each language's in their order, with the folders that differ from run to
// run named.
func (b *bench) called() []string {
	b.t.Helper()
	data, err := os.ReadFile(b.calls)
	b.must(err)
	text := strings.NewReplacer(b.app, "APP", b.layers, "LAYERS", filepath.Join(b.dir, "tmp"),
		"TMP").Replace(string(data))
	calls := strings.Split(strings.TrimSpace(text), "\n")
	for i, call := range calls {
		calls[i] = strings.TrimLeft(call, "0123456789 ")
	}
	return calls
}

// seen is the environment of the call that begins with the words prefix.
func (b *bench) seen(prefix string) map[string]string {
	b.t.Helper()
	n := slices.IndexFunc(b.called(), func(call string) bool { return strings.HasPrefix(call, prefix) })
	if n < 0 {
		b.t.Fatalf("no call %q in %v\n%s", prefix, b.called(), &b.log)
	}
	data, err := os.ReadFile(b.calls)
	b.must(err)
	pid, _, _ := strings.Cut(strings.Split(string(data), "\n")[n], " ")
	data, err = os.ReadFile(b.calls + "." + pid)
	b.must(err)
	env := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		env[name] = value
	}
	return env
}

func isDir(path string) bool { return tree.IsDir(os.DirFS(path), ".") }

func django() map[string]string {
	return map[string]string{
		"manage.py": "", "requirements.txt": "django\n", "package-lock.json": `{"packages": {}}`,
		"package.json":     `{"scripts": {"build": "tool", "heroku-prebuild": "true"}, "dependencies": {"a": "1"}}`,
		"bin/pre_compile":  "echo pre >>\"$CALLS\"\n",
		"bin/post_compile": "cd \"$1\" && echo post >>\"$CALLS\" && env >hook-env && test -d \"$CACHE_DIR\"\n",
	}
}

// after are the commands behind the installation: they run one after the other.
func after(calls []string) []string {
	i := slices.IndexFunc(calls, func(c string) bool { return strings.HasPrefix(c, "npm run build") })
	return calls[max(i, 0):]
}

func testBuild(t *testing.T, when spec.G, it spec.S) {
	it("the order of a build", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`})
		result, err := b.build()
		if err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		calls := b.called()
		if calls[0] != "pre" {
			t.Errorf("the first call is %q", calls[0])
		}
		want := []string{
			"npm run build", "python manage.py collectstatic --noinput", "post",
			"python3 -S -s LAYERS/private/bytecode.py checked .git,node_modules APP",
			"python LAYERS/private/prove.py LAYERS/private/processes.json 20",
			"python3 -S -s LAYERS/private/bytecode.py unchecked .git,node_modules LAYERS/private/sources.json " +
				"LAYERS/bytecode",
		}
		if diff := cmp.Diff(want, after(calls)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		wantProcess := []libcnb.Process{{Type: "web",
			Command: []string{"bash", "-c",
				`exec gunicorn --bind "0.0.0.0:${PORT:-8080}" --access-logfile - site.wsgi:application`},
			Default: true},
			{Type: "migrate", Command: []string{"bash", "-c", "exec python manage.py migrate --noinput"}}}
		if diff := cmp.Diff(wantProcess, result.Processes); diff != "" {
			t.Errorf("processes (-want +got):\n%s", diff)
		}
		if _, err := os.Stat(filepath.Join(b.app, "node_modules")); err == nil {
			t.Error("node_modules is left in the app")
		}
	})

	// Who sees what: ARCHITECTURE.md, "Environments".
	it("each command sees its environment", func() {
		t.Setenv("NODE_ENV", "")
		b := newBench(t, django())
		b.must(os.Unsetenv("NODE_ENV"))
		b.write(map[string]string{"package.json": `{"scripts": {"build": "true", "heroku-prebuild": "true"}, ` +
			`"dependencies": {"a": "1"}}`})
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		venv, node := filepath.Join(b.layers, "venv"), filepath.Join(b.layers, "node")
		for prefix, want := range map[string]struct {
			path, pythonPath, nodeEnv string
			secret                    bool
		}{
			"uv pip": {path: filepath.Join(b.layers, "python", "bin")},
			"npm run heroku-prebuild": {path: filepath.Join(node, "bin") + ":" +
				filepath.Join(b.layers, "python", "bin"), nodeEnv: "production"},
			"npm ci": {path: filepath.Join(node, "bin") + ":" +
				filepath.Join(b.layers, "python", "bin"), nodeEnv: "production"},
			"npm run build": {venv + "/bin:" + b.layers + "/python/bin:" + node + "/bin:" + b.app +
				"/node_modules/.bin", b.app, "production", true},
			"python manage.py collectstatic": {venv + "/bin:" + b.layers + "/python/bin:" + node + "/bin:" + b.app +
				"/node_modules/.bin", b.app, "production", true},
		} {
			env := b.seen(prefix)
			if !strings.Contains(":"+env["PATH"], ":"+want.path+":") || env["PYTHONPATH"] != want.pythonPath ||
				env["NODE_ENV"] != want.nodeEnv {
				t.Errorf("%s sees PATH=%s PYTHONPATH=%s NODE_ENV=%s", prefix, env["PATH"], env["PYTHONPATH"],
					env["NODE_ENV"])
			}
			if got := len(env["SECRET_KEY"]); want.secret != (got == 64) {
				t.Errorf("%s sees a SECRET_KEY of %d characters", prefix, got)
			}
		}
		hook, err := os.ReadFile(filepath.Join(b.app, "hook-env"))
		b.must(err)
		for _, line := range []string{"BUILD_DIR=" + b.app, "ENV_DIR=" + filepath.Join(b.dir, "env"), "CACHE_DIR=" +
			filepath.Join(b.layers, "hooks"), "VIRTUAL_ENV=" + venv} {
			if !strings.Contains(string(hook), line+"\n") {
				t.Errorf("the hook does not see %s:\n%s", line, hook)
			}
		}
		if strings.Contains(b.log.String(), b.seen("python manage.py")["SECRET_KEY"]) {
			t.Error("the placeholder is in the log")
		}
	})

	it("a second build installs nothing", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`})
		for round := range 2 {
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			installs := slices.ContainsFunc(b.called(),
				func(c string) bool { return strings.HasPrefix(c, "npm ci") || strings.HasPrefix(c, "uv") })
			if installs != (round == 0) {
				t.Errorf("round %d: calls %v\n%s", round, b.called(), &b.log)
			}
		}
		for _, want := range []string{"Python packages: unchanged", "Node packages: unchanged, cached"} {
			if !strings.Contains(b.log.String(), want) {
				t.Errorf("%q is not in the log:\n%s", want, &b.log)
			}
		}
		b.write(map[string]string{"requirements.txt": "django\nflask\n"})
		if _, err := b.build(); err != nil {
			t.Fatal(err)
		}
		if want := "Python packages: rebuilt, the contents of the requirements or the lockfile changed"; !strings.Contains(b.log.String(), want) {
			t.Errorf("%q is not in the log:\n%s", want, &b.log)
		}
	})

	it("a failed branch ends the other", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": `{"scripts": {"heroku-prebuild": "sleep 0.5; exit 9"}, ` +
			`"dependencies": {"a": "1"}}`})
		slow := maps.Clone(fakeUV)
		slow["uv"] = "#!/bin/sh\nsleep 60 & sleep 60\n"
		b.replace("uv", slow)
		begin := time.Now()
		_, err := b.build()
		user, ok := fail.User(err)
		if !ok || user.ID != "step/script" {
			t.Errorf("got %v\n%s", err, &b.log)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
	})

	it("what came with the source is neither used nor shipped", func() {
		b := newBench(t,
			map[string]string{"requirements.txt": "", "node_modules/a/x.js": "", ".venv/pyvenv.cfg": "",
				".venv/bin/python": "", "db.sqlite3": ""})
		if _, err := b.build(); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"node_modules", ".venv"} {
			if _, err := os.Stat(filepath.Join(b.app, name)); err == nil {
				t.Errorf("%s is still there", name)
			}
			if !strings.Contains(b.log.String(), name+" came with the source") {
				t.Errorf("the log does not name %s:\n%s", name, &b.log)
			}
		}
		if !strings.Contains(b.log.String(), "db.sqlite3") || !strings.Contains(b.log.String(), "exclude = [") {
			t.Errorf("the log does not say how to keep db.sqlite3 out:\n%s", &b.log)
		}
	})

	it("sources get the time of the build and a stale static root an older one", func() {
		b := newBench(t, django())
		b.write(map[string]string{"static_root/site.css": "old", "site.css": "new",
			"package.json": `{"scripts": {"build": "true"}}`})
		begin := time.Now().Add(-time.Second)
		future := time.Now().Add(time.Hour)
		old := time.Date(1980, 1, 1, 0, 0, 1, 0, time.UTC)
		b.must(errors.Join(os.Chtimes(filepath.Join(b.app, "site.css"), old, old),
			os.Chtimes(filepath.Join(b.app, "static_root/site.css"), future, future)))
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		source, err := os.Stat(filepath.Join(b.app, "site.css"))
		b.must(err)
		stale, err := os.Stat(filepath.Join(b.app, "static_root/site.css"))
		b.must(err)
		if source.ModTime().Before(begin) || !stale.ModTime().Before(begin) {
			t.Errorf("the source is of %s, the file in STATIC_ROOT of %s, the build of %s", source.ModTime(),
				stale.ModTime(), begin)
		}
	})

	it("settings that cannot be imported wait for collectstatic", func() {
		b := newBench(t, django())
		b.write(map[string]string{"broken-settings": "", "package.json": `{"scripts": {"build": "true"}}`})
		if _, err := b.build(); err != nil {
			t.Fatal(err)
		}
		if calls := b.called(); !slices.Contains(calls, "python manage.py collectstatic --noinput") {
			t.Errorf("calls %v\n%s", calls, &b.log)
		}
	})

	// The key is computed after the script has run.
	it("heroku-prebuild may write what the packages are made from", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": `{"scripts": {"heroku-prebuild": "date +%N >patches"}, ` +
			`"dependencies": {"a": "1"}}`})
		for range 2 {
			if _, err := b.build(); err != nil {
				t.Fatalf("%v\n%s", err, &b.log)
			}
			if !slices.ContainsFunc(b.called(), func(c string) bool { return strings.HasPrefix(c, "npm ci") }) {
				t.Errorf("calls %v\n%s", b.called(), &b.log)
			}
		}
	})

	it("the log ends with a timeline that is also a file", func() {
		b := newBench(t, django())
		b.write(map[string]string{
			"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`,
			"media/a/b":    strings.Repeat("x", 2e6), "data": strings.Repeat("x", 3e6), "small/a": "x",
		})
		file := filepath.Join(b.dir, "reports", "timeline.json")
		t.Setenv("BP_TIMELINE_FILE", filepath.Join(b.dir, "not-written.json"))
		t.Setenv("BP_BUILD_REPORT", file)
		if _, err := b.build(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		b.must(err)
		var timeline report.Build
		b.must(json.Unmarshal(data, &timeline))
		if app := timeline.App; app.Bytes < 5e6 || fmt.Sprint(app.Largest) != "[{data 3000000} {media 2000000}]" {
			t.Errorf("the app is reported as %+v", app)
		}
		b.says("; 5 MB in all", "largest   data 3 MB, media 2 MB")
		names := map[string]string{}
		for _, s := range timeline.Steps {
			names[s.Name] = s.Branch
			if s.Start < 0 || s.Start+s.Took > timeline.Total {
				t.Errorf("%s lies outside of the build: %+v of %v s", s.Name, s, timeline.Total)
			}
		}
		want := map[string]string{"install Python": "python", "install Python packages": "python",
			"install Node.js": "node", "install Node packages": "node", "npm run build": "", "collectstatic": ""}
		for name, branch := range want {
			if got, ok := names[name]; !ok || got != branch {
				t.Errorf("step %s is of branch %q, %v", name, got, ok)
			}
		}
		wantRuntimes := []report.Runtime{
			{Name: "Python", Version: "3.13.1", Why: "the default"},
			{Name: "Node.js", Version: "24.1.0", Why: "the default"},
		}
		if diff := cmp.Diff(wantRuntimes, timeline.Runtimes); diff != "" {
			t.Errorf("runtimes (-want +got):\n%s", diff)
		}
		wantComponents := report.Components{Layers: 3, Build: 3}
		if timeline.Schema != 1 || len(timeline.Processes) != 2 || !timeline.Processes[0].Default ||
			timeline.Components != wantComponents {
			t.Errorf("reported are %+v, %+v", timeline.Processes, timeline.Components)
		}
		for _, w := range timeline.Warnings {
			if w.ID == "" && w.Text == "" {
				t.Errorf("the warnings are %+v", timeline.Warnings)
			}
		}
		if _, err := os.Stat(filepath.Join(b.dir, "not-written.json")); err == nil {
			t.Error("the file of the former name is written too")
		}
		for _, l := range timeline.Layers {
			if l.Name == "venv" && (l.Shipped == 0 || l.Kept == 0 || l.Status != "new") {
				t.Errorf("the environment is reported as %+v", l)
			}
		}
	})

	it("a server that cannot start ends the build", func() {
		uv := fakeUV["uv"]
		t.Cleanup(func() { fakeUV["uv"] = uv })
		fakeUV["uv"] = strings.Replace(uv, "gunicorn-23.0", "gunicorn-19.9.0", 1)
		_, err := newBench(t, django()).build()
		if err == nil || !strings.Contains(err.Error(), "echo 3.11 > .python-version") ||
			!strings.Contains(err.Error(), "(python/gunicorn)") {
			t.Errorf("the build ends with %v", err)
		}
	})
}

// replace gives the buildpack another archive of id.
func (b *bench) replace(id string, files map[string]string) {
	b.t.Helper()
	_, sum := b.archive(id, files)
	path := filepath.Join(b.dir, "buildpack", "inventory.json")
	data, err := os.ReadFile(path)
	b.must(err)
	var inventory []map[string]any
	b.must(json.Unmarshal(data, &inventory))
	for _, e := range inventory {
		if e["id"] == id {
			e["sha256"] = sum
		}
	}
	data, err = json.Marshal(inventory)
	b.must(err)
	b.must(os.WriteFile(path, data, 0o644))
}
