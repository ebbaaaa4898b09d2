// Package pictures draws the pictures of the documentation from what benchmarks, builds and tandem explain have
// recorded. It measures nothing.
package pictures

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv/bench"
	"github.com/tandem-cnb/tandem/internal/cli"
)

// Dir is where the pictures are, and what they are drawn from, relative to the repository's root.
const Dir = "docs/pictures"

// All returns all pictures by their file names in Dir. root is the repository's root.
func All(root string) (map[string]string, error) {
	dir, all := filepath.Join(root, Dir), map[string]string{}
	results, err := bench.ReadResults(filepath.Join(root, bench.ResultsFile(bench.Same, bench.Engine)))
	if err != nil {
		return nil, err
	}
	for name, theme := range themes {
		if all["benchmark-"+name+".svg"], err = chart(results, theme); err != nil {
			return nil, err
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "build.log"))
	if err != nil {
		return nil, err
	}
	all["build.svg"] = logPicture("The log of a build", string(log))
	if all["timeline.svg"], err = timelineOf(filepath.Join(dir, "timeline.json")); err != nil {
		return nil, err
	}
	all["explain.svg"], err = explained(filepath.Join(dir, "crm"))
	return all, err
}

// Write draws all pictures and writes them. root is the repository's root.
func Write(root string) error {
	all, err := All(root)
	for name, picture := range all {
		err = errors.Join(err, os.WriteFile(filepath.Join(root, Dir, name), []byte(picture), 0o644))
	}
	return err
}

// explained draws what tandem explain prints about the app in a directory.
func explained(dir string) (string, error) {
	var out, errs bytes.Buffer
	cli.Main([]string{"explain", "--color", "always", dir}, nil, &out, &errs)
	if out.Len() == 0 {
		return "", fmt.Errorf("tandem explain prints nothing about %s: %s", dir, &errs)
	}
	return logPicture("What tandem explain prints", "$ tandem explain "+filepath.Base(dir)+"\n"+out.String()), nil
}

// timelineOf draws the file that a build has written to BP_TIMELINE_FILE.
func timelineOf(file string) (string, error) {
	var t timeline
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return "", fmt.Errorf("parse %s: %w", file, err)
	}
	return t.draw(), nil
}

// svg returns a picture with a title, which screen readers read, and a body.
func svg(title string, width, height int, body string) string {
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%[1]d\" height=\"%[2]d\" "+
		"viewBox=\"0 0 %[1]d %[2]d\" role=\"img\">\n<title>%[3]s</title>\n"+
		"<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"%[4]s\"/>\n%[5]s</svg>\n",
		width, height, title, ground, strings.TrimPrefix(body, "\n"))
}

// ground is the dark color behind logs and timelines.
const ground = "#1e222a"
