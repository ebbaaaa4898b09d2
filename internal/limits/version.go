package limits

import (
	"fmt"
	"strings"
)

const (
	maxVersion = 256 // letters
	maxClauses = 64  // of a range
)

// Version returns an error if a version or a range has more letters or clauses than any real one. The libraries for
// versions take more than linear time for them.
func Version(text string) error {
	if len(text) > maxVersion {
		return fmt.Errorf("it has more than %d letters", maxVersion)
	}
	clauses := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '|' || r == ' ' || r == '\t' })
	if len(clauses) > maxClauses {
		return fmt.Errorf("it has more than %d clauses", maxClauses)
	}
	return nil
}
