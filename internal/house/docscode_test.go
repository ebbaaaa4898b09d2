package house

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var (
	fenced     = regexp.MustCompile("(?ms)^```(yaml|toml)\n(.*?)^```$")
	bpName     = regexp.MustCompile(`\bBP_[A-Z_]*[A-Z]\b`)
	makeUse    = regexp.MustCompile("(?m)(?:^    |`)make (?:-C [a-z]+ )?([a-z][a-z-]*)")
	makeTarget = regexp.MustCompile(`(?m)^([a-z-]+):`)
)

// The samples of documents in YAML and TOML can be read.
func TestSamplesOfDocumentsAreValid(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		for _, block := range fenced.FindAllStringSubmatch(readDocument(t, name), -1) {
			found++
			if err := readSample(block[1], block[2]); err != nil {
				t.Errorf("%s: %v in\n%s", name, err, block[2])
			}
		}
	}
	if found < 15 {
		t.Errorf("only %d samples are found", found)
	}
}

func readSample(language, text string) error {
	if language == "toml" {
		_, err := toml.Decode(text, &map[string]any{})
		return err
	}
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var object map[string]any
		if err := decoder.Decode(&object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Documents name variables of Tandem and targets of make that exist.
func TestDocumentsNameWhatExists(t *testing.T) {
	var descriptor struct {
		Metadata struct{ Configurations []struct{ Name string } }
	}
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	known := []string{"BP_DEPENDENCY_MIRROR", "BP_LOG_LEVEL"} // libpak's
	for _, c := range descriptor.Metadata.Configurations {
		known = append(known, c.Name)
	}
	var targets []string
	for _, m := range makeTarget.FindAllStringSubmatch(pages.Read(t, "../../Makefile"), -1) {
		targets = append(targets, m[1])
	}
	for _, name := range documents(t) {
		text := readDocument(t, name)
		for _, variable := range bpName.FindAllString(text, -1) {
			if !slices.Contains(known, variable) && !strings.HasPrefix(variable, "BP_DEPENDENCY_MIRROR_") {
				t.Errorf("%s names %s, which buildpack.toml does not have", name, variable)
			}
		}
		for _, m := range makeUse.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(targets, m[1]) {
				t.Errorf("%s names make %s, which the Makefile does not have", name, m[1])
			}
		}
	}
	if len(known) < 15 || len(targets) < 10 {
		t.Errorf("found only %q and %q", known, targets)
	}
}
