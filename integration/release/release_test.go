package release

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"io"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// The changelog's first section is the text of the release, if it is that of the version and has a day.
func TestNotesAreTheFirstSectionOfTheChangelog(t *testing.T) {
	const text = "# Changelog\n\nWords.\n\n## 0.2.0 (2 December 2026)\n\n- New.\n\n## 0.1.0 (1 May 2026)\n\n- Old.\n"
	for _, c := range []struct {
		changelog, version, want, err string
		unreleased                    bool
	}{
		{changelog: text, version: "0.2.0", want: "- New.\n"},
		{changelog: text, version: "0.3.0", err: "want 0.3.0"},
		{changelog: "## Unreleased\n\n- New.\n", version: "0.1.0", err: "is Unreleased, want 0.1.0"},
		{changelog: "## Unreleased\n\n- New.\n", version: "0.1.0", want: "- New.\n", unreleased: true},
		{changelog: "## 0.1.0\n\n- New.\n", version: "0.1.0", err: "has no day"},
		{changelog: "## 0.1.0 (1 May 2026)\n\n", version: "0.1.0", err: "is empty"},
		{changelog: "# Changelog\n", version: "0.1.0", err: "no section"},
	} {
		got, err := section(c.changelog, c.version, c.unreleased)
		switch {
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%q: got %q, %v", c.changelog, got, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%q: got %v, want %s", c.changelog, err, c.err)
		}
	}
}

// The repository names one version everywhere, and a tag of another version is found.
func TestTheRepositoryNamesOneVersion(t *testing.T) {
	r := release{dev: &devenv.Env{Root: "../..", Log: io.Discard}}
	var err error
	if r.version, err = r.dev.Version(); err != nil {
		t.Fatal(err)
	}
	if err := r.check(""); err != nil {
		t.Error(err)
	}
	if err := r.check("v9.9.9"); err == nil || !strings.Contains(err.Error(), "the tag is v9.9.9") {
		t.Errorf("a wrong tag gives %v", err)
	}
	r.version = "9.9.9"
	if err := r.check(""); err == nil || strings.Count(err.Error(), "\n") < 6 {
		t.Errorf("a version that nothing names gives %v", err)
	}
}

// labelled returns an image as the release's, with what change does to its configuration.
func labelled(t *testing.T, change func(*v1.Config)) v1.Image {
	t.Helper()
	image, err := random.Image(10, 1)
	if err != nil {
		t.Fatal(err)
	}
	config := v1.Config{
		Labels:     map[string]string{metadataLabel: `{"id": "tandem/python-node", "version": "1.2.3"}`},
		Entrypoint: []string{"/cnb/buildpacks/tandem_python-node/1.2.3/bin/tandem"},
	}
	change(&config)
	image, err = mutate.Config(image, config)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// indexOf returns an index of images for architectures.
func indexOf(image v1.Image, architectures ...string) v1.ImageIndex {
	var index v1.ImageIndex = empty.Index
	for _, arch := range architectures {
		platform := &v1.Platform{OS: "linux", Architecture: arch}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image,
			Descriptor: v1.Descriptor{Platform: platform}})
	}
	return index
}

// An index that lacks anything of a release is refused.
func TestAnIndexIsVerified(t *testing.T) {
	r := release{version: "1.2.3"}
	same := func(*v1.Config) {}
	for _, c := range []struct {
		name, err string
		index     v1.ImageIndex
	}{
		{"right", "", indexOf(labelled(t, same), "amd64", "arm64")},
		{"one architecture", "the architectures are", indexOf(labelled(t, same), "amd64")},
		{"another version", "want version 1.2.3", indexOf(labelled(t, func(c *v1.Config) {
			c.Labels[metadataLabel] = `{"id": "tandem/python-node", "version": "1.2.4"}`
		}), "amd64", "arm64")},
		{"no label", "parse the label", indexOf(labelled(t, func(c *v1.Config) { c.Labels = nil }), "amd64", "arm64")},
		{"another entrypoint", "the entrypoint is", indexOf(labelled(t, func(c *v1.Config) {
			c.Entrypoint = []string{"/bin/sh"}
		}), "amd64", "arm64")},
	} {
		digest, err := c.index.Digest()
		if err != nil {
			t.Fatal(err)
		}
		err = r.verifyIndex(c.index, digest.String())
		if (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.err)
		}
		if err := r.verifyIndex(c.index, "sha256:0"); err == nil || !strings.Contains(err.Error(), "the digest is") {
			t.Errorf("%s: another digest gives %v", c.name, err)
		}
	}
}

// A file that was changed after its checksum was written is found. Nothing is read from the registry then.
func TestAChangedFileIsFound(t *testing.T) {
	server := httptest.NewServer(registry.New())
	defer server.Close()
	r := release{dev: &devenv.Env{Root: t.TempDir(), Log: io.Discard}, version: "1.2.3"}
	if err := os.MkdirAll(r.dir(), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, target := range append([]string{"linux-amd64.cnb", "linux-arm64.cnb"}, devenv.CommandTargets...) {
		put(t, r.path("tandem-"+filepath.Base(target)+strings.ReplaceAll(filepath.Dir(target), "/", "-")), target)
	}
	if err := r.writeSums(); err != nil {
		t.Fatal(err)
	}
	names, err := r.names()
	if err != nil || len(names) != len(devenv.CommandTargets)+2 {
		t.Fatalf("%q, %v", names, err)
	}
	put(t, r.path(names[0]), "changed")
	if err := r.verifyFiles(t.Context()); err == nil || !strings.Contains(err.Error(), names[0]+" has the checksum") {
		t.Errorf("got %v", err)
	}
}

// A bill of materials has the modules of its program, no fewer and no others.
func TestABillOfMaterialsIsVerified(t *testing.T) {
	program := filepath.Join(t.TempDir(), "tandem")
	build := exec.Command("go", "build", "-o", program, "./cmd/tandem")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil || len(info.Deps) == 0 {
		t.Fatal(info, err)
	}
	type component struct{ Name, Version string }
	all := []component{{"std", info.GoVersion}}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		all = append(all, component{module.Path, module.Version})
	}
	for name, c := range map[string]struct {
		components []component
		arch, err  string
	}{
		"right":     {all, runtime.GOARCH, ""},
		"one fewer": {all[1:], runtime.GOARCH, "has ["},
		"one more": {append(slices.Clip(all), component{"example.com/x", "v1"}), runtime.GOARCH,
			"example.com/x"},
		"another version":      {append([]component{{"std", "go1"}}, all[1:]...), runtime.GOARCH, "has ["},
		"another architecture": {all, "mips", "want goarch="},
	} {
		file := filepath.Join(t.TempDir(), "bom.json")
		text, err := json.Marshal(map[string]any{"components": c.components, "metadata": map[string]any{
			"component": map[string]any{"purl": "x?goarch=" + c.arch + "&goos=" + runtime.GOOS}}})
		if err != nil {
			t.Fatal(err)
		}
		put(t, file, string(text))
		err = verifyBOM(program, file)
		if (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %v, want %q", name, err, c.err)
		}
	}
}

// A signature is made by a run of the workflow, or by the key of a dry run.
func TestOnlyAWorkflowSignsWithoutAKey(t *testing.T) {
	r := release{dev: &devenv.Env{Root: t.TempDir(), Log: io.Discard}}
	t.Setenv("GITHUB_WORKFLOW_REF", "")
	if _, err := r.signer(t.Context()); err == nil || !strings.Contains(err.Error(), "only a workflow") {
		t.Errorf("got %v", err)
	}
	t.Setenv("GITHUB_WORKFLOW_REF", "tandem-cnb/tandem/.github/workflows/release.yml@refs/tags/v1.2.3")
	by, err := r.signer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	security, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range by.verify { // what users are told to type, but for the version
		if word = strings.TrimSuffix(word, "1.2.3"); !strings.Contains(string(security), word) {
			t.Errorf("SECURITY.md does not have %q", word)
		}
	}
}

func TestDigestsOfAnIndex(t *testing.T) {
	image := labelled(t, func(*v1.Config) {})
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	got, err := digestsOf(indexOf(image, "amd64", "arm64"))
	if want := map[string]string{"amd64": digest.String(), "arm64": digest.String()}; err != nil ||
		!maps.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// README's quick start names the builder that errors recommend, a tag of the version, and what the app needs.
func TestTheQuickStartIsRead(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	g, err := quickStart(string(text))
	if err != nil || g.builder != fail.Builder || !strings.HasPrefix(g.buildpack, "tandemcnb/python-node:") {
		t.Errorf("got %+v, %v", g, err)
	}
	const commands = "    pack build a --builder b --buildpack c:1\n    docker run --rm -e D=e=f -e G=h a\n" +
		"    docker run -e I=j a\n"
	g, err = quickStart("pack build x --builder y\n" + commands)
	want := guide{"b", "c:1", map[string]string{"D": "e=f", "G": "h"}}
	if diff := cmp.Diff(want, g, cmp.AllowUnexported(guide{})); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := quickStart("    docker run a\n" + commands); err == nil {
		t.Error("commands after the start of a container are read")
	}
}

// What is pushed has both tags, and the same digest.
func TestTheRegistryOfADryRunEnds(t *testing.T) {
	host, stop, err := serveRegistry()
	if err != nil {
		t.Fatal(err)
	}
	ref, err := name.NewTag(host + "/tandem:1")
	if err != nil {
		t.Fatal(err)
	}
	index := indexOf(labelled(t, func(*v1.Config) {}), "amd64")
	if err := remote.WriteIndex(ref, index); err != nil {
		t.Error(err)
	}
	stop()
	if _, err := remote.Index(ref); err == nil {
		t.Error("the registry still answers")
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, bytes.NewBufferString(text).Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
