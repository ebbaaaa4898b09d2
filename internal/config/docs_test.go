package config

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"
)

// A variable stands in the code, in buildpack.toml and in the README's table, or nowhere.
func TestCodeBuildpackTOMLAndREADMEAgree(t *testing.T) {
	var descriptor struct {
		Metadata struct {
			Configurations []struct{ Name, Description string }
		}
	}
	if _, err := toml.DecodeFile("../../buildpack.toml", &descriptor); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	value := func(name string) (string, bool) {
		read = append(read, name)
		if name == PythonInstaller {
			return "pip", true
		}
		return "true", true
	}
	if _, err := Read(value); err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, c := range descriptor.Metadata.Configurations {
		declared[c.Name] = true
		if !slices.Contains(read, c.Name) {
			t.Errorf("buildpack.toml declares %s, which the code does not read", c.Name)
		}
	}
	for _, name := range read {
		if regexp.MustCompile(`^BP_`).MatchString(name) && !declared[name] {
			t.Errorf("the code reads %s, which buildpack.toml does not declare", name)
		}
		if row := fmt.Sprintf("| `%s` |", name); !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(row)).Match(readme) {
			t.Errorf("the README's table has no row %s", row)
		}
	}
}
