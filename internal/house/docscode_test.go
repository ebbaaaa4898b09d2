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
	"mvdan.cc/sh/v3/syntax"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var (
	fenced     = regexp.MustCompile("(?ms)^```(yaml|toml|json)\n(.*?)^```$")
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

// packFlags are those of pack build that documents use.
// https://buildpacks.io/docs/for-platform-operators/how-to/integrate-ci/pack/cli/pack_build/
var packFlags = strings.Fields("--buildpack --builder --cache --clear-cache --docker-host --env --path --platform " +
	"--publish --tag --trust-builder --volume")

// programs are those whose commands in documents are parsed.
var programs = strings.Fields("pack docker podman kubectl make git go export echo mkdir dokku kamal fly cosign gh")

// The commands of documents are commands of a shell, and pack has the flags.
func TestCommandsOfDocumentsAreValid(t *testing.T) {
	found := 0
	for _, name := range documents(t) {
		if strings.HasPrefix(name, "internal/") || name == "ARCHITECTURE.md" {
			continue
		}
		for _, block := range indentedBlocks(readDocument(t, name)) {
			program, _, _ := strings.Cut(strings.TrimSpace(block), " ")
			if !slices.Contains(programs, program) {
				continue
			}
			found++
			file, err := syntax.NewParser().Parse(strings.NewReader(block), name)
			if err != nil {
				t.Errorf("%v in\n%s", err, block)
				continue
			}
			for _, flag := range flagsOfPackBuild(file) {
				if !slices.Contains(packFlags, flag) {
					t.Errorf("%s: pack build has no flag %s in\n%s", name, flag, block)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d commands are found", found)
	}
}

// indentedBlocks returns the blocks of a document that are indented by four spaces or more, without code in fences.
func indentedBlocks(text string) (all []string) {
	var block strings.Builder
	fence := false
	for line := range strings.Lines(text + "\n") {
		if strings.HasPrefix(line, "```") {
			fence = !fence
		}
		if !fence && strings.HasPrefix(line, "    ") && !isItem(strings.TrimSpace(line)) {
			block.WriteString(line)
			continue
		}
		if block.Len() > 0 {
			all = append(all, block.String())
			block.Reset()
		}
	}
	return all
}

// flagsOfPackBuild returns the names of the flags of all calls of pack build.
func flagsOfPackBuild(file *syntax.File) (flags []string) {
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) < 2 || call.Args[0].Lit() != "pack" || call.Args[1].Lit() != "build" {
			return true
		}
		for _, arg := range call.Args[2:] {
			if flag := arg.Lit(); strings.HasPrefix(flag, "-") {
				flags = append(flags, flag)
			}
		}
		return true
	})
	return flags
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
