package house

import (
	"go/ast"
	"slices"
	"testing"
)

// What runs a command is a step of the plan: only package steps starts commands, and only package plan makes steps.
func TestCommandsAreStepsOfThePlan(t *testing.T) {
	allowed := map[string][]string{
		"plan.Step": nil,
		// The others ask programs of earlier buildpacks for their versions, which the plan depends on.
		"run.Shell": {"internal/steps", "build/others.go", "internal/node/adopt.go"},
	}
	met := map[string]bool{}
	for _, s := range product(t) {
		ast.Inspect(s.ast, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			name := nameOf(literal.Type)
			places, known := allowed[name]
			if !known {
				return true
			}
			met[s.pkg], met[s.name] = true, true
			if !slices.Contains(places, s.pkg) && !slices.Contains(places, s.name) {
				t.Errorf("%s: a %s is made here. Let the plan have a step, and steps.Runner start it", s.at(literal),
					name)
			}
			return true
		})
	}
	for _, place := range allowed["run.Shell"] {
		if !met[place] {
			t.Errorf("%s starts no command any more: take it out of the list", place)
		}
	}
}
