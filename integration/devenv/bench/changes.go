package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// change is one case: what has happened to the app since the build before.
type change struct {
	name, title string
	file        string // pattern; the first file of the app that matches it is changed. "": none
	apply       func(ctx context.Context, b *bench, t turn) error
	shown       string // shell command that fails in a container without the change; MARK and PACKAGE are replaced
	asset       bool   // the mark is in an asset of the page
}

// turn is one round of a case.
type turn struct {
	file, mark string // the path of the file that is changed, and what a changed line contains
	round      int
}

// maxRounds is the number of packages that can be added.
const maxRounds = 5

// The packages that are added, one a round: small, without dependencies, and in none of the examples.
var (
	pythonPackages = [maxRounds]string{
		"tomli-w==1.2.0", "isodate==0.7.2", "toolz==1.0.0", "boltons==25.0.0", "tabulate==0.9.0",
	}
	nodePackages = [maxRounds]string{"klona@2.0.6", "leven@4.0.0", "escape-goat@4.0.0", "delay@6.0.0", "clsx@2.1.1"}
)

// changes lists all cases in the order in which they are measured: each build comes after the one before it.
var changes = []change{
	{name: "cold", title: "cold: no image, no caches", apply: forget},
	{name: "nothing", title: "nothing changed", apply: leave},
	{
		name: "view", title: "one line of a view", file: "*/views.py", apply: addLine(`bench = "MARK"`),
		shown: "grep -qs MARK /app/*/views.py /workspace/*/views.py",
	},
	{
		name: "settings", title: "one line of the settings", file: "*/settings.py", apply: addLine(`BENCH = "MARK"`),
		shown: "grep -qs MARK /app/*/settings.py /workspace/*/settings.py",
	},
	{
		name: "css", title: "one line of CSS", file: "frontend/{,styles/}site.{css,scss}",
		apply: addLine(".MARK{color:red}"), asset: true,
	},
	{
		name: "python", title: "one Python package more", file: "requirements.txt", apply: addPythonPackage,
		shown: "find / -xdev -path '*/site-packages/PACKAGE.dist-info/METADATA' 2>/dev/null | grep -q .",
	},
	{name: "npm", title: "one npm package more", file: "package-lock.json", apply: addNodePackage},
}

// chosen returns the case called name, or all.
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

// target returns the path of the file of the app that is changed.
func (c change) target(app string) (string, error) {
	if c.file == "" {
		return "", nil
	}
	files, err := doublestar.Glob(os.DirFS(app), c.file)
	if err == nil && len(files) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return "", fmt.Errorf("the app has no %s: %w", c.file, err)
	}
	return filepath.Join(app, files[0]), nil
}

// arrived checks that the change is in the container, and in the assets of its page.
func (c change) arrived(ctx context.Context, container *devenv.Container, assets string, t turn) error {
	if c.asset && !strings.Contains(assets, t.mark) {
		return fmt.Errorf("the change %s is in no asset of the page", t.mark)
	}
	if c.shown == "" {
		return nil
	}
	name, version, _ := strings.Cut(pythonPackages[t.round], "==")
	installed := strings.ReplaceAll(name, "-", "_") + "-" + version
	command := strings.NewReplacer("MARK", t.mark, "PACKAGE", installed).Replace(c.shown)
	if _, err := container.Exec(ctx, "bash", "-c", command); err != nil {
		return fmt.Errorf("the change is not in the image: %w", err)
	}
	return nil
}

func forget(ctx context.Context, b *bench, _ turn) (err error) {
	for _, o := range b.opponents {
		err = errors.Join(err, b.forget(ctx, o))
	}
	return err
}

func leave(context.Context, *bench, turn) error { return nil }

// addLine adds a line, in which MARK is replaced, to the end of the file.
func addLine(line string) func(context.Context, *bench, turn) error {
	return func(_ context.Context, _ *bench, t turn) error {
		file, err := os.OpenFile(t.file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(file, strings.ReplaceAll(line, "MARK", t.mark))
		return errors.Join(err, file.Close())
	}
}

func addPythonPackage(ctx context.Context, b *bench, t turn) error {
	return addLine(pythonPackages[t.round])(ctx, b, t)
}

// addNodePackage has npm add a devDependency to package.json and the lockfile, without the URL of a registry.
func addNodePackage(ctx context.Context, b *bench, t turn) error {
	_, err := b.dev.Docker(ctx, "run", "--rm", "--network", "host", "--volume", b.app+":/app", "--workdir", "/app",
		"tandem/bench-node", "npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved",
		"--ignore-scripts", "--no-audit", "--no-fund", "--save-dev", "--save-exact", nodePackages[t.round])
	return err
}
