package app

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The rules of the table, once more, as expressions for whole names.
var skippedBy = map[Use]*regexp.Regexp{
	ForSource: regexp.MustCompile(`^(\.git|node_modules|__pycache__|\.venv)$`),
	ForProjects: regexp.MustCompile(`^(\..*|node_modules|__pycache__|vendor|third_party|site-packages|bower_components|` +
		`fixtures|cypress|__tests__|testdata|demo|samples|dist|build|out|public|media|staticfiles|static_root|htmlcov|` +
		`coverage|(.*[-_])?(tests?|e2e|docs?|examples?))$`),
	ForDjango: regexp.MustCompile(`^(\..*|_.*|node_modules|site-packages|(unit|integration|e2e)?[-_]?tests?|testing|` +
		`fixtures|docs?|(.*[-_])?(examples?|samples?)|vendor(ed)?|third[-_]?party|extern(al)?|env|venv|virtualenv|` +
		`.*[{}%].*)$`),
	ForStatic: regexp.MustCompile(`^(node_modules|\.git|\.github|\.svn|\.hg|\.sass-cache|\.cache|\.parcel-cache|` +
		`\.vscode|\.idea|\.vite|\.ipynb_checkpoints|\.pytest_cache)$`),
	ForByteCode: regexp.MustCompile(`^(node_modules|\.git)$`),
	ForTimes:    regexp.MustCompile(`^(node_modules|\.git)$`),
	ForPackages: regexp.MustCompile(`^(\.cache|\.vite|\.vite-temp|\.tmp|\.parcel-cache)$`),
}

func TestSkippedDirectories(t *testing.T) {
	names := strings.Fields("frontend src app web my-app a-test a_tests tests test testing -test --tests e2e my-e2e " +
		"e2e-tests " +
		"e2e_test unittest unit-tests unit_test units integrationtests integration-test docs doc my_docs docs2 example " +
		"my-example my_samples sample samples samples2 third-party third_party thirdparty thirdpart vendor vendored " +
		"vendors " +
		"extern external externals env venv virtualenv .x . _x x_ {{cookiecutter.name}} a%b latest contest demo demos " +
		"dist build out public media static staticfiles static_root htmlcov coverage fixtures cypress __tests__ " +
		"testdata " +
		"Tests DOCS Node_modules site-packages bower_components [x] a*b -_- _tests test- -")
	for _, row := range notOfApp {
		for name := range strings.FieldsSeq(row.names) {
			names = append(names, name, name+"x", "x"+name, strings.ToUpper(name))
		}
	}
	for uses, want := range skippedBy {
		found := 0
		for _, name := range names {
			got := Skipped(name, uses)
			if got != want.MatchString(name) {
				t.Errorf("%q for %b: %v", name, uses, got)
			}
			if got {
				found++
			}
		}
		if found == 0 {
			t.Errorf("nothing is skipped for %b", uses)
		}
	}
	if got := SkippedNames(ForByteCode); !slices.Equal(got, []string{".git", "node_modules"}) {
		t.Errorf("for bytecode: %v", got)
	}
}
