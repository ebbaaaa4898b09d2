package detect

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// TestDetect runs the specs of each file. To select one: go test -run TestDetect/detect/verdict/passes ./detect
func TestDetect(t *testing.T) {
	suite := spec.New("detect")
	suite("verdict", testVerdict)
	suite("hardening", testHardening)
	suite("recovered", testRecovered)
	suite.Run(t)
}

// appOf returns the directory of an app with these files.
func appOf(t *testing.T, files map[string]string) string {
	t.Helper()
	app := t.TempDir()
	if err := hostile.Files(files)(app, ""); err != nil {
		t.Fatal(err)
	}
	return app
}

// both returns a build plan of Python and Node.js that Tandem provides alone.
func both() libcnb.BuildPlan {
	return libcnb.BuildPlan{
		Provides: []libcnb.BuildPlanProvide{{Name: "tandem-python"}, {Name: "tandem-node"}},
		Requires: []libcnb.BuildPlanRequire{{Name: "tandem-python"}, {Name: "tandem-node"}},
	}
}

func testVerdict(t *testing.T, when spec.G, it spec.S) {
	var out bytes.Buffer
	run := func(files map[string]string) libcnb.DetectResult {
		t.Helper()
		result, err := detect(contextOf(t, appOf(t, files)), &out)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	says := func(want string) {
		t.Helper()
		if out.String() != want+"\n" {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	}

	it("passes for an app of Python alone, and never asks for Node.js", func() {
		result := run(map[string]string{"requirements.txt": "flask\n"})
		says("Tandem applies: Python app (requirements.txt)")
		shared := map[string]any{"build": true, "launch": true}
		want := libcnb.DetectResult{Pass: true, Plans: []libcnb.BuildPlan{
			{Requires: []libcnb.BuildPlanRequire{
				{Name: "site-packages", Metadata: shared}, {Name: "cpython", Metadata: shared},
			}},
			{Requires: []libcnb.BuildPlanRequire{
				{Name: "poetry-venv", Metadata: shared}, {Name: "cpython", Metadata: shared},
			}},
			{Requires: []libcnb.BuildPlanRequire{{Name: "uv-environment", Metadata: shared}}},
			{Requires: []libcnb.BuildPlanRequire{{Name: "cpython", Metadata: shared}}},
			{
				Provides: []libcnb.BuildPlanProvide{{Name: "tandem-python"}},
				Requires: []libcnb.BuildPlanRequire{{Name: "tandem-python"}},
			},
		}}
		if diff := cmp.Diff(want, result); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	it("passes for an app with a front end, last with both languages of its own", func() {
		result := run(map[string]string{"manage.py": "", "package.json": `{"scripts": {"build": "true"}}`})
		says("Tandem applies: Python app (manage.py) with a package.json")
		if !result.Pass || len(result.Plans) != 20 {
			t.Fatalf("%v, %d plans", result.Pass, len(result.Plans))
		}
		if diff := cmp.Diff(both(), result.Plans[19]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	it("does not pass for an app of Node.js alone", func() {
		result := run(map[string]string{"package.json": "{}"})
		says("Tandem does not apply: package.json, but no file of a Python app: a Node.js buildpack is the right one")
		if diff := cmp.Diff(libcnb.DetectResult{}, result); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	it("cleans names of the app before it prints them", func() {
		run(map[string]string{"a\x1b[31m/requirements.txt": "flask\n"})
		if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), ". If ") {
			t.Errorf("got %q", out.String())
		}
	})

	// Each variable decides in one of these apps, with all three set: what is too deep is not found otherwise.
	// A slice, since a spec is found by its position.
	for _, c := range []struct {
		name, value, file string
		provides          []libcnb.BuildPlanProvide
	}{
		{"BP_DJANGO_MANAGE_PATH", "a/b/c/d/e/manage.py", "requirements.in", both().Provides[:1]},
		{"BP_PYTHON_REQUIREMENTS", "deps/all.txt", "requirements.in", both().Provides[:1]},
		{"BP_NODE_PROJECT_PATH", "a/b/c/d/e", "requirements.txt", both().Provides},
	} {
		it("looks where "+c.name+" points", func() {
			files := map[string]string{c.file: "", "a/b/c/d/e/manage.py": "", "deps/all.txt": "",
				"a/b/c/d/e/package.json": `{"scripts": {"build": "true"}}`}
			own := func() []libcnb.BuildPlanProvide {
				if plans := run(files).Plans; len(plans) > 0 {
					return plans[len(plans)-1].Provides
				}
				return nil
			}
			before := own()
			t.Setenv(c.name, c.value)
			if got := own(); !slices.Equal(got, c.provides) || slices.Equal(got, before) {
				t.Errorf("with %s=%s: %v, without: %v\n%s", c.name, c.value, got, before, &out)
			}
		})
	}

	it("ends with an error where no app is, and says nothing", func() {
		if _, err := detect(contextOf(t, filepath.Join(t.TempDir(), "gone")), &out); err == nil || out.Len() > 0 {
			t.Errorf("%v, %q", err, out.String())
		}
	})

	it("leaves no file open", func() {
		defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the garbage collector closes files too
		open := func() int {
			files, err := os.ReadDir("/proc/self/fd")
			if err != nil {
				t.Skip(err) // not Linux
			}
			return len(files)
		}
		run(nil)
		before := open()
		run(nil)
		if after := open(); after > before {
			t.Errorf("%d files are open, %d before", after, before)
		}
	})

	it("is the detection that libcnb calls", func() {
		result, err := Detect(contextOf(t, appOf(t, map[string]string{"requirements.txt": ""})))
		if err != nil || !result.Pass {
			t.Errorf("%v, %v", result.Pass, err)
		}
	})
}
