package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// forms returns the ways in which programs write a value, each once.
func forms(value string, of int) (all []pattern) {
	texts := slices.Concat([]string{value}, percentForms(value), jsonForms(value))
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		all = append(all, pattern{text, of, false})
	}
	encoded := base64Forms(value)
	slices.Sort(encoded)
	for _, text := range slices.Compact(encoded) {
		all = append(all, pattern{text, of, true})
	}
	return all
}

// percentForms returns the forms of the value that encoders write into URLs. These are Go's net/url, urllib.parse
// (pip), the url crate (uv, git), encodeURI and encodeURIComponent (npm), and encoders that keep only letters and
// digits.
func percentForms(value string) (all []string) {
	_, userinfo, _ := strings.Cut(url.UserPassword("", value).String(), ":")
	all = []string{url.QueryEscape(value), url.PathEscape(value), userinfo}
	for _, left := range []string{"", "-._~", "-._~/", "-_.!~*'()", ";,/?:@&=+$-_.!~*'()#", "-._~!$&'()*+,;="} {
		all = append(all, escaped(value, left))
	}
	for _, text := range slices.Clone(all) {
		all = append(all, lowerHex(text))
	}
	return all
}

// escaped encodes all but letters, digits and the characters in left.
func escaped(value, left string) string {
	var out strings.Builder
	for i := range len(value) {
		c := value[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(left, c) >= 0 {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}

// lowerHex returns percent-encoded text with small hexadecimal digits, which some encoders write.
func lowerHex(text string) string {
	out := []byte(text)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:], bytes.ToLower(out[i+1:i+3]))
			i += 2
		}
	}
	return string(out)
}

// jsonForms returns the value as it is encoded with HTML escapes, without them, and in ASCII only, as Python's json
// does.
func jsonForms(value string) (all []string) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil // no string is an error
	}
	bare := out.String()[1 : out.Len()-2] // without the quotes and the line's end
	html, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var ascii strings.Builder
	for _, r := range bare {
		switch {
		case r < 0x80:
			ascii.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return []string{bare, string(html[1 : len(html)-1]), ascii.String(), strings.ReplaceAll(bare, "/", `\/`)}
}

// base64Forms returns the letters that base64 has for value anywhere in a longer text, such as "user:value". A letter
// has 6 bits, so there are three forms, without the letters that depend on the text around.
func base64Forms(value string) (all []string) {
	for before := range 3 {
		first, last := (before*8+5)/6, (before+len(value))*8/6
		for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, alphabet.EncodeToString([]byte(strings.Repeat("\x00", before) + value))[first:last])
		}
	}
	return all
}
