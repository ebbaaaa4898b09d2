package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// writeJSON writes the explanation as programs read it. A person may look at it too, so strings have escapes for all
// that is not text.
func (e Explanation) writeJSON(out io.Writer) error {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e.filled()); err != nil {
		return err
	}
	_, err := out.Write(escaped(data.Bytes()))
	return err
}

// escaped returns JSON with escapes for characters that encoding/json leaves as they are. Outside of strings there are
// none.
func escaped(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if unicode.IsGraphic(r) || r == '\n' {
			out = append(out, data[:size]...)
		} else {
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		data = data[size:]
	}
	return out
}

// filled is e without lists that are null, so that programs need not ask.
func (e Explanation) filled() Explanation {
	e.Decisions, e.Warnings, e.Advice = nonNil(e.Decisions), nonNil(e.Warnings), nonNil(e.Advice)
	e.Image = Image{nonNil(e.Image.Has), nonNil(e.Image.HasNot)}
	e.Runtimes, e.Packages = append([]Runtime{}, e.Runtimes...), append([]Package{}, e.Packages...)
	e.Order = append([]Step{}, e.Order...)
	e.Processes, e.Problems = append([]Process{}, e.Processes...), append([]Problem{}, e.Problems...)
	return e
}
