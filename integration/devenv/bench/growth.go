package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The sizes of the app, as how many of the example's packages and static files it has.
const (
	Same  = "1"
	More  = "3"
	Third = "third"
)

// moreIcons is how many files make the example's 365 static files three times as many.
const moreIcons = 730

// grow gives the copy of the app another size. The Dockerfiles and the cases are the same for all sizes.
func (b *bench) grow(ctx context.Context, app string) error {
	switch {
	case b.Size == Same:
		return nil
	case app != "large":
		return fmt.Errorf("%s has no lists of packages for another size, only large has", app)
	case b.Size == More:
		return b.enlarge(ctx)
	}
	return b.reduce(ctx)
}

// enlarge adds packages that apps of this kind often have. The app imports none of them, so it needs no change.
func (b *bench) enlarge(ctx context.Context) error {
	python, err := b.list("more-python")
	if err != nil {
		return err
	}
	npm, err := b.list("more-npm")
	if err != nil {
		return err
	}
	err = edit(filepath.Join(b.app, "requirements.txt"), func(text string) (string, error) {
		return text + strings.Join(python, "\n") + "\n", nil
	})
	for i := range moreIcons {
		file := filepath.Join(b.app, fmt.Sprintf("static/icons/more-%03d.svg", i))
		err = errors.Join(err, os.WriteFile(file, []byte(icon(i)), 0o644))
	}
	if err == nil {
		_, err = b.npm(ctx, npmInstall+"--save-dev "+strings.Join(npm, " "))
	}
	return err
}

// reduce removes packages that the pages do not need, the Django apps among them, and most icons.
func (b *bench) reduce(ctx context.Context) error {
	python, err := b.list("less-python")
	if err != nil {
		return err
	}
	apps, err := b.list("less-apps")
	if err != nil {
		return err
	}
	npm, err := b.list("less-npm")
	if err != nil {
		return err
	}
	icons, err := filepath.Glob(filepath.Join(b.app, "static/icons/*.svg"))
	for _, file := range icons {
		if !strings.HasSuffix(file, "-07.svg") { // a page has one of these
			err = errors.Join(err, os.Remove(file))
		}
	}
	err = errors.Join(err,
		edit(filepath.Join(b.app, "requirements.txt"), func(text string) (string, error) {
			return onlyPackages(text, python)
		}),
		edit(filepath.Join(b.app, "project/settings.py"), func(text string) (string, error) {
			return withoutApps(text, apps)
		}))
	if err == nil {
		_, err = b.npm(ctx, "npm uninstall --package-lock-only --ignore-scripts --no-audit --no-fund "+
			strings.Join(npm, " "))
	}
	return err
}

// list returns the lines of a file of opponents/growth.
func (b *bench) list(name string) ([]string, error) {
	text, err := os.ReadFile(b.source("growth/" + name + ".txt"))
	return strings.Fields(string(text)), err
}

// edit changes the text of a file.
func edit(file string, change func(text string) (string, error)) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed, err := change(string(text))
	if err != nil {
		return fmt.Errorf("change %s: %w", filepath.Base(file), err)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// onlyPackages returns the lines of a requirements.txt that name one of the packages. Each must have a line.
func onlyPackages(requirements string, names []string) (string, error) {
	lines := map[string]string{}
	for line := range strings.Lines(requirements) {
		name, _, _ := strings.Cut(line, "==")
		lines[name] = line
	}
	var text strings.Builder
	for _, name := range names {
		if lines[name] == "" {
			return "", fmt.Errorf("there is no %s", name)
		}
		text.WriteString(lines[name])
	}
	return text.String(), nil
}

// withoutApps returns settings of Django without the lines of lists that name one of the apps. Each must have a line.
func withoutApps(settings string, apps []string) (string, error) {
	removed := map[string]bool{}
	var text strings.Builder
	for line := range strings.Lines(settings) {
		name, quoted := strings.CutPrefix(strings.TrimSpace(line), `"`)
		name = name[:strings.IndexAny(name+`"`, `".`)]
		if quoted && slices.Contains(apps, name) {
			removed[name] = true
		} else {
			text.WriteString(line)
		}
	}
	if len(removed) != len(apps) {
		return "", fmt.Errorf("there are only %d of %d apps", len(removed), len(apps))
	}
	return text.String(), nil
}

// icon returns a picture of its own for each number, about as large as the example's.
func icon(i int) string {
	var points []string
	for corner := range 6 {
		angle, radius := float64(corner)*math.Pi/3+float64(i)/100, 6+float64((i*7+corner*5)%50)/10
		points = append(points, fmt.Sprintf("%.1f,%.1f", 12+radius*math.Cos(angle), 12+radius*math.Sin(angle)))
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" `+
		`stroke="hsl(%d 60%% 40%%)"><polygon points="%s"/></svg>`+"\n", i%360, strings.Join(points, " "))
}
