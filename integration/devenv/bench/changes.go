package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// change is one case: what has happened to the app since the build before. MARK in its texts is replaced.
type change struct {
	name, title string
	file        string   // pattern; the first file of the app that matches it is changed. "": none
	line        string   // is added to the file
	command     string   // changes the app instead, where npm is
	shown       string   // shell command that fails in a container without the change
	published   bool     // the case is one of those that are measured with a registry
	packages    []string // the marks, one a round: small packages without dependencies, in none of the examples
}

// maxRounds is the number of packages that can be added.
const maxRounds = 5

// changes lists all cases in the order in which they are measured: each build comes after the one before it.
var changes = []change{
	{name: "cold", title: "cold: no image, no caches", published: true},
	{name: "nothing", title: "nothing changed", published: true},
	{
		name: "view", published: true, title: "one line of a view", file: "*/views.py", line: `bench = "MARK"`,
		shown: "grep -qs MARK /app/*/views.py /workspace/*/views.py",
	},
	{
		name: "settings", title: "one line of the settings", file: "*/settings.py", line: `BENCH = "MARK"`,
		shown: "grep -qs MARK /app/*/settings.py /workspace/*/settings.py",
	},
	{
		name: "css", title: "one line of CSS", file: "frontend/{,styles/}site.{css,scss}", line: ".MARK{color:red}",
		shown: "grep -qsr --include=*.css MARK /app/staticfiles/ /workspace/staticfiles/",
	},
	{
		name: "python", title: "one Python package more", file: "requirements.txt", line: "MARK",
		packages: []string{"isodate==0.7.2", "toolz==1.0.0", "boltons==25.0.0", "tabulate==0.9.0", "pluggy==1.6.0"},
		shown: "mark=MARK && find / -xdev -name METADATA 2>/dev/null |" +
			" grep -q /site-packages/${mark/==/-}.dist-info/",
	},
	{
		name: "npm", title: "one npm package more", file: "package-lock.json",
		packages: []string{"klona@2.0.6", "leven@4.0.0", "escape-goat@4.0.0", "delay@6.0.0", "clsx@2.1.1"},
		command:  npmInstall + "--save-dev MARK",
	},
}

// choose takes the case that the options name, or all that fit the app and the target.
func (b *bench) choose() error {
	for _, c := range changes {
		if b.Case != c.name && (b.Case != "all" || b.Target == Registry && !c.published) {
			continue
		}
		if c.file != "" {
			files, err := doublestar.Glob(os.DirFS(b.app), c.file)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				b.say("The case %q is left out: the app has no %s", c.name, c.file)
				continue
			}
			c.file = filepath.Join(b.app, files[0])
		}
		b.cases = append(b.cases, c)
	}
	if len(b.cases) == 0 {
		return fmt.Errorf("no case %q fits the app", b.Case)
	}
	return nil
}

// mark returns what the changed app contains in a round, and not before.
func (c change) mark(round int) string {
	if c.packages != nil {
		return c.packages[round]
	}
	return fmt.Sprintf("bench-%s-%d", c.name, round+1)
}

func withMark(text, mark string) string { return strings.ReplaceAll(text, "MARK", mark) }

// apply changes the app, or has all opponents forget it.
func (b *bench) apply(ctx context.Context, c change, mark string) (err error) {
	switch {
	case c.name == "cold":
		for _, o := range b.opponents {
			err = errors.Join(err, b.forget(ctx, o))
		}
		return err
	case c.command != "":
		_, err := b.npm(ctx, withMark(c.command, mark))
		return err
	case c.line == "":
		return nil
	}
	text, err := os.ReadFile(c.file)
	return errors.Join(err, os.WriteFile(c.file, append(text, withMark(c.line, mark)+"\n"...), 0o644))
}
