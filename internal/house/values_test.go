package house

import (
	"go/ast"
	"slices"
	"testing"
)

// What a build finds out is returned. In the packages that run one, the receiver of a method is a value, so that no
// method writes what another reads, perhaps at the same time.
func TestReceiversAreValues(t *testing.T) {
	packages := []string{"build", "internal/node", "internal/python", "internal/steps"}
	// two layers of one archive: the first may leave something for the second; the output of one step, which is read
	// after it
	handedOver := []string{"internal/node.source", "internal/steps.watcher"}
	met := map[string]bool{}
	for _, s := range product(t) {
		if !slices.Contains(packages, s.pkg) {
			continue
		}
		met[s.pkg] = true
		for _, d := range s.ast.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			_, pointer := f.Recv.List[0].Type.(*ast.StarExpr)
			if pointer && !slices.Contains(handedOver, s.pkg+"."+receiverOf(f)) {
				t.Errorf("%s: %s has a pointer for a receiver. Return the value", s.at(f), f.Name.Name)
			}
		}
	}
	if len(met) != len(packages) {
		t.Errorf("only %v have been looked at", met)
	}
}
