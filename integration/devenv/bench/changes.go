package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// change is one case: what has happened to the app since the build before.
type change struct {
	name, title string
	needs       []string // patterns; the first file that fits each is the one that is changed
	apply       func(ctx context.Context, b *bench, mark string, round int) error
	shown       string // command that tells in the container whether the change has arrived; "MARK" and "PACKAGE" are replaced
	asset       bool   // the mark is in one of the page's assets
}

// maxRounds is how many packages there are to add.
const maxRounds = 5

// The packages that are added, one a round: small, without others behind them, and in none of the examples.
var (
	pythonPackages = [maxRounds]string{"tomli-w==1.2.0", "isodate==0.7.2", "toolz==1.0.0", "boltons==25.0.0", "tabulate==0.9.0"}
	nodePackages   = [maxRounds]string{"klona@2.0.6", "leven@4.0.0", "escape-goat@4.0.0", "delay@6.0.0", "clsx@2.1.1"}
)

// changes are all cases, in the order in which they are measured: each build comes after the one before it.
var changes = []change{
	{name: "cold", title: "cold: no image, no caches", apply: forget},
	{name: "nothing", title: "nothing changed", apply: leave},
	{name: "view", title: "one line of a view", needs: []string{"*/views.py"}, apply: addLine("*/views.py", `bench = "MARK"`),
		shown: "grep -qs MARK /app/*/views.py /workspace/*/views.py"},
	{name: "settings", title: "one line of the settings", needs: []string{"*/settings.py"}, apply: addLine("*/settings.py", `BENCH = "MARK"`),
		shown: "grep -qs MARK /app/*/settings.py /workspace/*/settings.py"},
	{name: "css", title: "one line of CSS", needs: []string{styles}, apply: addLine(styles, ".MARK{color:red}"), asset: true},
	{name: "python", title: "one Python package more", needs: []string{"requirements.txt"}, apply: addPythonPackage,
		shown: "find / -xdev -path '*/site-packages/PACKAGE.dist-info/METADATA' 2>/dev/null | grep -q ."},
	{name: "npm", title: "one npm package more", needs: []string{"package-lock.json"}, apply: addNodePackage},
}

// styles is where the examples have the style sheet that is built.
const styles = "frontend/{,styles/}site.{css,scss}"

// chosen is the case called name, or all.
func chosen(name string) ([]change, error) {
	if name == "all" {
		return changes, nil
	}
	var known []string
	for _, c := range changes {
		if c.name == name {
			return []change{c}, nil
		}
		known = append(known, c.name)
	}
	return nil, fmt.Errorf("there is no case %q, only all, %s", name, strings.Join(known, ", "))
}

// unfit says which file the app lacks for the case.
func (c change) unfit(app string) string {
	for _, pattern := range c.needs {
		if _, err := first(app, pattern); err != nil {
			return err.Error()
		}
	}
	return ""
}

// first is the first file in app that fits the pattern, in which braces hold alternatives as in a shell.
func first(app, pattern string) (string, error) {
	for _, plain := range braces(pattern) {
		files, err := filepath.Glob(filepath.Join(app, plain))
		if err != nil {
			return "", err
		}
		if len(files) > 0 {
			return files[0], nil
		}
	}
	return "", fmt.Errorf("the app has no %s: %w", pattern, fs.ErrNotExist)
}

func braces(pattern string) []string {
	before, rest, found := strings.Cut(pattern, "{")
	if !found {
		return []string{pattern}
	}
	inside, after, _ := strings.Cut(rest, "}")
	var all []string
	for choice := range strings.SplitSeq(inside, ",") {
		all = append(all, braces(before+choice+after)...)
	}
	return all
}

func forget(ctx context.Context, b *bench, _ string, _ int) (err error) {
	for _, o := range b.opponents {
		err = errors.Join(err, o.forget(ctx))
	}
	return err
}

func leave(context.Context, *bench, string, int) error { return nil }

// addLine adds a line, in which "MARK" is replaced, to the end of a file.
func addLine(pattern, line string) func(context.Context, *bench, string, int) error {
	return func(_ context.Context, b *bench, mark string, _ int) error {
		file, err := first(b.app, pattern)
		if err != nil {
			return err
		}
		return appendTo(file, strings.ReplaceAll(line, "MARK", mark))
	}
}

func appendTo(file, line string) error {
	out, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, line)
	return errors.Join(err, out.Close())
}

func addPythonPackage(_ context.Context, b *bench, _ string, round int) error {
	return appendTo(filepath.Join(b.app, "requirements.txt"), pythonPackages[round])
}

// addNodePackage has npm write one devDependency more into package.json and the lock, without the address of a registry.
func addNodePackage(ctx context.Context, b *bench, _ string, round int) error {
	_, err := b.engine.docker(ctx, "run", "--rm", "--network", "host", "--volume", b.app+":/app", "--workdir", "/app", "tandem/bench-node",
		"npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit", "--no-fund",
		"--save-dev", "--save-exact", nodePackages[round])
	if err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(b.app, "package.json"))
	if err != nil {
		return err
	}
	var written struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(content, &written); err != nil {
		return fmt.Errorf("parse package.json: %w", err)
	}
	name, version, _ := strings.Cut(nodePackages[round], "@")
	if written.DevDependencies[name] != version {
		return fmt.Errorf("npm has not added %s to package.json", nodePackages[round])
	}
	return nil
}

// probe is the command in the container for the given round, "" when there is none.
func (c change) probe(mark string, round int) string {
	name, version, _ := strings.Cut(pythonPackages[round], "==")
	return strings.NewReplacer("MARK", mark, "PACKAGE", strings.ReplaceAll(name, "-", "_")+"-"+version).Replace(c.shown)
}
