package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// jsonReason returns the place of a JSON error in text: line, column and the line itself.
func jsonReason(text string, err error) string {
	if strings.TrimSpace(text) == "" {
		return "The file is empty."
	}
	offset := int64(-1)
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &wrongType):
		offset = wrongType.Offset
	}
	if offset < 0 || offset > int64(len(text)) {
		return show.Reason(err)
	}
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	line, _, _ := strings.Cut(text[start:], "\n")
	return fmt.Sprintf("line %d, column %d: %s\n    %s",
		strings.Count(before, "\n")+1, len(before)-start, show.Value(err.Error()), show.Line(line))
}
