package diagnose

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/versions"
)

var update = flag.Bool("update", false, "write what is got into testdata")

const testRoot = "/workspace"

// steps are the failed commands of testdata, by the name of the directory.
func testSteps() map[string]Step {
	all := map[string]Step{
		"django": {Sets: []string{"django"}, Words: Words{"add": "npm install --save-dev"}},
		"script": {Sets: []string{"script"}, Words: Words{"add": "npm install --save-dev"}},
		"nltk":   {Sets: []string{"nltk"}},
		// The set of each step, after its own ones.
		"machine": {Sets: []string{"machine"}},
		"apt":     {Sets: []string{"apt"}},
	}
	for name, id := range map[string]manager.ID{"uv": manager.Requirements, "uv-sync": manager.UV, "pip": manager.Pip,
		"poetry": manager.Poetry, "pipenv": manager.Pipenv,
		"pdm": manager.PDM} {
		m := manager.Python(id).Data()
		all[name] = Step{Sets: []string{m.Failures}, Words: PythonWords(m)}
	}
	for _, m := range manager.Nodes() {
		m := m.Data()
		all[m.Failures] = Step{Sets: []string{m.Failures}, Words: NodeWords(m)}
	}
	return all
}

// Each file of testdata/SET is what a tool really printed, with other names of hosts and directories, and what the
// user then reads. Those of django begin with what is known of the app, see known.
func TestSamplesAreExplained(t *testing.T) {
	names, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(names) < 186 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	steps, explaining := testSteps(), map[string]bool{}
	for _, name := range names {
		set := filepath.Base(filepath.Dir(name))
		t.Run(set+"/"+strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			step, ok := steps[set]
			if !ok {
				t.Fatalf("no step for %s", set)
			}
			step.Kind = "collectstatic"
			if set == "machine" {
				step.Kind, step.Title = "python-tool", "pip"
			}
			facts, exit := known(archive)
			x := Explain(step, exit, facts)
			explaining[x.rule] = true
			checkProbes(t, exit, facts)
			checkSize(t, x)
			compare(t, name, archive, textOf(set, x, facts, exit))
		})
	}
	t.Run("each rule has one", func(t *testing.T) { checkSampled(t, explaining) })
}

// textOf is what a file of testdata has as the wanted text.
func textOf(set string, x Explanation, facts Facts, exit Exit) string {
	if x.sets == nil {
		x.Fix = nil // the step's own, which is in the golden files of builds
	}
	text := x.Error().Error() + "\n"
	if set == "django" && x.ID == "django/variable-unset" {
		names := Missing(exit.Tail, testRoot, facts.Has)
		text = "missing: " + strings.Join(names, " ") + "\nsecret keys: " +
			strings.Join(SecretKeys(names, exit.Tail, testRoot), " ") + "\n\n" + text
	}
	return text
}

// checkSize checks that an error can be read at a glance: a title of 72 columns, and 12 lines in all.
func checkSize(t *testing.T, x Explanation) {
	if x.ID == "" {
		return
	}
	report := fail.Reporter{Docs: "https://example.com", Platform: fail.Project}.Report(x.Error())
	if n := strings.Count(report, "\n") + 1; n > 12 {
		t.Errorf("%d lines:\n%s", n, report)
	}
	if len([]rune(x.What)) > 72 {
		t.Errorf("%d columns: %s", len([]rune(x.What)), x.What)
	}
}

// checkProbes checks that probes return only what they declare.
func checkProbes(t *testing.T, exit Exit, facts Facts) {
	f := newCase(load(), Step{}, exit, facts)
	for name := range probes {
		found := f.probe(name)
		if all := found.undeclared(name); all != nil {
			t.Errorf("the probe %s does not declare %v", name, all)
		}
	}
}

// testOffers are those of an app that requests nothing, with the releases of today.
func testOffers() Offers {
	inventory, err := versions.Load("", func(string) ([]byte, error) { return nil, os.ErrNotExist })
	if err != nil {
		panic(err)
	}
	offer := func(id versions.ID) versions.Offer {
		return versions.Offer{Ask: versions.Ask{ID: id, Prefer: []string{id.DefaultSeries()}}, Releases: inventory,
			Arch: "amd64", Today: "2026-11-29"}
	}
	sources := debian.Offered{Release: "debian 12",
		Names:    []string{"libmagic1", "libmagic-dev", "libpq5", "poppler-utils"},
		Versions: map[string][]string{"libpq5": {"15.20-0+deb12u1", "15.18-0+deb12u1"}}}
	return Offers{offer(versions.Python), offer(versions.Node), sources}
}

func compare(t *testing.T, name string, archive *txtar.Archive, got string) {
	want := &archive.Files[len(archive.Files)-1]
	if *update {
		want.Data = []byte(got)
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// known reads what is known of the app: variables of the build, "modules: …", "chosen: …", "ran: …", "installed: …",
// "production", and files before the output. "exit: …", "program: …" and "cpu: …" are about the command.
func known(archive *txtar.Archive) (f Facts, exit Exit) {
	exit.Code = 1
	vars := map[string]bool{}
	f = Facts{Root: testRoot, Has: func(name string) bool { return vars[name] }, Offers: testOffers()}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if name, value, ok := strings.Cut(line, "="); ok {
			vars[name] = true
			if name == "DJANGO_SETTINGS_MODULE" {
				f.SettingsModule = value
			}
			continue
		}
		word, rest, _ := strings.Cut(line, ": ")
		switch word {
		case "modules":
			f.Modules = strings.Fields(rest)
		case "chosen":
			f.Build, f.Served, _ = strings.Cut(rest, " ")
		case "ran":
			f.Ran = strings.Split(rest, ", ")
		case "installed":
			f.Installed = strings.Fields(rest)
		case "production":
			f.Production = true
		case "exit":
			exit.Code, _ = strconv.Atoi(rest)
		case "program":
			exit.Program = rest
		case "cpu":
			exit.CPU = rest
		}
	}
	files := fstest.MapFS{}
	for _, file := range archive.Files {
		files[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	exit.Tail = string(files["output"].Data)
	delete(files, "output")
	f.Packages = app.Read(files, app.Requested{}).Node
	return f, exit
}
