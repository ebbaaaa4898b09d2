package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// WriteJSON writes the explanation as JSON. A terminal may show it, so characters that are not text are escaped.
func (e Explanation) WriteJSON(out io.Writer) error {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e.withoutNulls()); err != nil {
		return err
	}
	_, err := out.Write(escaped(withoutCredentials(data.Bytes())))
	return err
}

// quotedString matches a string of JSON.
var quotedString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// withoutCredentials returns JSON without the credentials and queries of URLs in its strings, as show.Clean does in
// text.
func withoutCredentials(data []byte) []byte {
	return quotedString.ReplaceAllFunc(data, func(quoted []byte) []byte {
		var value string
		if !bytes.Contains(quoted, []byte("://")) || json.Unmarshal(quoted, &value) != nil {
			return quoted
		}
		cut := secret.Public(value)
		if cut == value {
			return quoted
		}
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(cut); err != nil {
			return quoted // it has no URL
		}
		return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	})
}

// escaped returns JSON with escapes for characters that encoding/json does not escape. Only strings have such
// characters.
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

// withoutNulls returns e with empty lists instead of nil ones, which JSON would show as null.
func (e Explanation) withoutNulls() Explanation {
	e.Decisions, e.DecisionIDs = nonNil(e.Decisions), nonNil(e.DecisionIDs)
	e.Image = Image{nonNil(e.Image.Has), nonNil(e.Image.HasNot)}
	e.Runtimes, e.Packages = append([]Runtime{}, e.Runtimes...), append([]Package{}, e.Packages...)
	e.Order, e.Processes = append([]Step{}, e.Order...), append([]Process{}, e.Processes...)
	e.Findings = append([]Finding{}, e.Findings...)
	e.Variables = append([]Variable{}, e.Variables...)
	for i, f := range e.Findings {
		e.Findings[i].Fix = append([]Action{}, f.Fix...)
	}
	return e
}
