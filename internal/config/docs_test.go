package config

import (
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var update = flag.Bool("update", false, "write what the code has into the documentation")

// configuration is the page of the variables.
const configuration = "../../docs/reference/configuration.md"

// A variable stands in the code, in buildpack.toml and in the page's table, or nowhere.
func TestCodeBuildpackTOMLAndDocumentationAgree(t *testing.T) {
	var descriptor struct {
		Metadata struct {
			Configurations []struct{ Name, Description, Default string }
		}
	}
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	var read []string
	value := func(name string) (string, bool) {
		read = append(read, name)
		switch name {
		case PythonInstaller:
			return "pip", true
		case AptMode:
			return "off", true
		}
		return "true", true
	}
	if _, err := Read(value); err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	var rows [][]string
	for _, c := range descriptor.Metadata.Configurations {
		declared[c.Name] = true
		if !slices.Contains(read, c.Name) {
			t.Errorf("buildpack.toml declares %s, which the code does not read", c.Name)
		}
		byDefault := "not set"
		if c.Default != "" {
			byDefault = "`" + c.Default + "`"
		}
		rows = append(rows, []string{"`" + c.Name + "`", c.Description, byDefault})
	}
	pages.Check(t, configuration, "variables", pages.Table([]string{"variable", "meaning", "default"}, rows), *update)
	page := pages.Read(t, configuration)
	for _, name := range read {
		if regexp.MustCompile(`^BP_`).MatchString(name) && !declared[name] {
			t.Errorf("the code reads %s, which buildpack.toml does not declare", name)
		}
		if !strings.Contains(page, "\n| `"+name+"` |") {
			t.Errorf("%s has no row of %s", configuration, name)
		}
	}
}
