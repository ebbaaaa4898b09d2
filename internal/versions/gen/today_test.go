package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// checkedIn returns the files of the repository.
func checkedIn(t *testing.T) files {
	t.Helper()
	all := files{}
	for _, name := range names() {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

// Where upstream has what is checked in, the files stay as they are, byte by byte.
func TestNothingNewChangesNothing(t *testing.T) {
	before := checkedIn(t)
	d, err := parse(before)
	if err != nil {
		t.Fatal(err)
	}
	upstream := d.asUpstream(t)
	ask := func(_ context.Context, name string) (io.ReadCloser, error) {
		answer, ok := upstream[name]
		if !ok {
			return nil, fmt.Errorf("there is no %s", name)
		}
		return io.NopCloser(strings.NewReader(answer)), nil
	}
	after, report, err := update(t.Context(), before, ask, "2027-01-15")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, with(before, after)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if len(after) != len(names())-1 || report != "Nothing is new.\n" {
		t.Errorf("%d files, %s", len(after), report)
	}
}

// Nothing that is checked in is refused.
func TestNoReleaseIsRefused(t *testing.T) {
	d, err := parse(checkedIn(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.inventory {
		if why := d.refused.why(r.ID, semver.MustParse(r.Version)); why != "" {
			t.Errorf("%s %s: %s", r.ID, r.Version, why)
		}
	}
	if d.refused.why(versions.Node, semver.MustParse("26.8.0")) == "" {
		t.Error("Node.js 26.8.0, whose --version is an alpha's, is not refused")
	}
}

func TestRefusalsAreStrict(t *testing.T) {
	for _, text := range []string{
		"x = [", "[[refused]]\nid = \"node\"\nversions = \"1\"\n", "[[refused]]\nid = \"node\"\nwhy = \"x\"\n",
		"[[refused]]\nid = \"deno\"\nversions = \"1\"\nwhy = \"x\"\n",
		"[[refused]]\nid = \"uv\"\nversions = \"a\"\nwhy = \"x\"\n",
		"[[refused]]\nid = \"uv\"\nversions = \"1\"\nprereleases = true\nwhy = \"x\"\n", "[[refuse]]\nid = \"uv\"\n",
	} {
		if got, err := parseRefusals(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// asUpstream returns what upstream would answer if it had what d has, in its forms.
func (d data) asUpstream(t *testing.T) map[string]string {
	lists, seen := map[versions.ID][]string{}, map[string]bool{}
	for _, r := range d.inventory {
		key := string(r.ID) + r.Version + r.Build
		if seen[key] {
			continue
		}
		seen[key] = true
		lists[r.ID] = append(lists[r.ID], d.entry(t, r))
	}
	answers := map[string]string{
		nodeIndex:  "[\n" + strings.Join(lists[versions.Node], ",\n") + "\n]\n",
		uvReleases: strings.Join(lists[versions.UV], "\n"), pythonReleases: strings.Join(lists[versions.Python], "\n"),
	}
	schedule, plan := map[string]any{}, ""
	for _, s := range d.series {
		if s.ID == versions.Python {
			plan += fmt.Sprintf("[metadata.%q]\nend-of-life = %s01\n", s.Name, s.End[:len("2026-10-")])
		} else {
			schedule["v"+s.Name] = map[string]string{"end": s.End}
		}
	}
	answers[nodeSchedule], answers[pythonSchedule] = asJSON(t, schedule), plan
	packages := map[string]string{"yarn-classic": "yarn", "yarn-berry": "@yarnpkg/cli-dist", "pnpm": "pnpm",
		"bunamd64": "@oven/bun-linux-x64-baseline", "bunarm64": "@oven/bun-linux-aarch64"}
	for _, s := range d.managers {
		pin := map[string]string{"version": s.Releases[0].Version, "dist.integrity": s.Releases[0].Integrity}
		answers["npm view "+packages[s.ID+s.Arch]+"@"+s.Range+" version dist.integrity --json"] = asJSON(t, pin)
	}
	for name, text := range d.tools {
		answers["uv pip compile --universal --python-version 3.9 --generate-hashes --no-header --no-annotate "+
			"--no-emit-index-url - < "+requirementsOf(name)] = text
	}
	return answers
}

// entry returns the line of a release in upstream's list.
func (d data) entry(t *testing.T, release versions.Release) string {
	if release.ID == versions.Node {
		lts := any(false)
		if at := d.indexOf(versions.Node, release.ID.Series(release.Version)); d.series[at].LTS != "" {
			lts = d.series[at].LTS
		}
		return asJSON(t, map[string]any{
			"version": "v" + release.Version, "files": []string{"linux-arm64", "linux-x64"}, "lts": lts,
		})
	}
	version, artifacts := release.Version, []map[string]string{}
	if release.Build != "" {
		version += "+" + release.Build
	}
	for _, r := range d.inventory {
		if r.ID == release.ID && r.Version == release.Version && r.Build == release.Build {
			variant := map[bool]string{true: "default", false: "install_only"}[r.ID == versions.UV]
			triple := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[r.Arch] + "-unknown-linux-gnu"
			artifacts = append(artifacts, map[string]string{
				"platform": triple, "variant": variant, "url": r.URI, "archive_format": "tar.gz", "sha256": r.SHA256,
			})
		}
	}
	return asJSON(t, map[string]any{"version": version, "artifacts": artifacts})
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
