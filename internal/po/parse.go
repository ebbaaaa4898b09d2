package po

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// parser is the entry that is being read and what was found so far: the original with its context and plural, to the
// translations.
type parser struct {
	fuzzy  bool // fuzzy translations are included
	checks []placeholder
	found  map[string]string
	result Compiled // the numbers

	parts   map[string]*strings.Builder // msgctxt, msgid, msgid_plural, msgstr or msgstr[n]
	current *strings.Builder            // the one that a line with only a string continues
	forms   int                         // how many msgstr[n] there are
	flags   string                      // its comments that begin with "#,"
}

// keyword matches a line that begins a part of an entry. The groups are the keyword, the number of a plural form and
// the string.
var keyword = regexp.MustCompile(`^(msgctxt|msgid|msgid_plural|msgstr|msgstr\[(\d+)\])\s*(".*)$`)

// line reads one line, without its end and surrounding space. The comments of an entry are before it, so a comment ends
// the entry before.
func (p *parser) line(line string) error {
	switch {
	case line == "":
		return nil
	case strings.HasPrefix(line, "#"):
		if err := p.flush(); err != nil {
			return err
		}
		if strings.HasPrefix(line, "#,") {
			p.flags += line
		}
		return nil
	case strings.HasPrefix(line, `"`):
		if p.current == nil {
			return errors.New("a string that belongs to nothing")
		}
		return appendQuoted(p.current, line)
	}
	m := keyword.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("not understood: %s", line)
	}
	return p.keyword(m[1], m[2], m[3])
}

// keyword begins a part of an entry, and ends the entry before if the part is the first of the next one.
func (p *parser) keyword(name, form, quoted string) error {
	_, hasText := p.parts["msgstr"]
	if name == "msgctxt" || name == "msgid" && (hasText || p.forms > 0) {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if form != "" {
		if n, err := strconv.Atoi(form); err != nil || n != p.forms {
			return fmt.Errorf("msgstr[%s] where msgstr[%d] should be", form, p.forms)
		}
		p.forms++
	}
	if p.parts == nil {
		p.parts = map[string]*strings.Builder{}
	}
	if p.parts[name] != nil {
		return fmt.Errorf("a second %s", name)
	}
	p.current = &strings.Builder{}
	p.parts[name] = p.current
	return appendQuoted(p.current, quoted)
}

// flush ends an entry, if one was begun. The header is the entry without an original; it is used even when fuzzy.
func (p *parser) flush() error {
	if p.parts == nil {
		return nil
	}
	parts, forms, flags := p.parts, p.forms, p.flags
	p.parts, p.current, p.forms, p.flags = nil, nil, 0, ""
	id, text := parts["msgid"], parts["msgstr"]
	if id == nil || text == nil && forms == 0 {
		return errors.New("the entry before this has no msgid or no msgstr")
	}
	key := id.String()
	if context := parts["msgctxt"]; context != nil {
		key = context.String() + "\x04" + key
	}
	var translations []string
	if text != nil {
		translations = []string{text.String()}
	}
	for n := range forms {
		translations = append(translations, parts[fmt.Sprintf("msgstr[%d]", n)].String())
	}
	if !p.count(key, translations[0], strings.Contains(flags, "fuzzy")) {
		return nil
	}
	for _, kind := range p.checks {
		if err := kind.check(originals(parts), translations, flags); err != nil {
			return err
		}
	}
	// The plural follows the original in the key, and plural forms each other in the text, with NUL between them.
	// https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
	if plural := parts["msgid_plural"]; plural != nil {
		key += "\x00" + plural.String()
	}
	if _, again := p.found[key]; again {
		return fmt.Errorf("a second translation of %q", id)
	}
	p.found[key] = strings.Join(translations, "\x00")
	return nil
}

// originals returns the original of an entry, and its plural if it has one.
func originals(parts map[string]*strings.Builder) []string {
	all := []string{parts["msgid"].String()}
	if plural := parts["msgid_plural"]; plural != nil {
		all = append(all, plural.String())
	}
	return all
}

// count adds a message to the numbers, and reports whether it is included. The header has no key, and is not counted.
func (p *parser) count(key, translation string, fuzzy bool) bool {
	switch {
	case key == "":
		return translation != ""
	case translation == "":
		p.result.Untranslated++
		return false
	case fuzzy && !p.fuzzy:
		p.result.Fuzzy++
		return false
	}
	p.result.Translated++
	return true
}

// escape matches an escape of C: hexadecimal, octal or a letter.
// https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
var escape = regexp.MustCompile(`\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)`)

// quotedText matches a string; the group is the text between the quotes.
var quotedText = regexp.MustCompile(`^"((?:[^"\\]|\\.)*)"$`)

// appendQuoted adds a string in C's notation.
func appendQuoted(to *strings.Builder, quoted string) error {
	m := quotedText.FindStringSubmatch(quoted)
	if m == nil {
		return fmt.Errorf("not a string in quotation marks: %s", quoted)
	}
	to.WriteString(escape.ReplaceAllStringFunc(m[1], func(e string) string {
		switch c := e[1]; {
		case strings.IndexByte("abfnrtv", c) >= 0:
			return string("\a\b\f\n\r\t\v"[strings.IndexByte("abfnrtv", c)])
		case c == 'x' && len(e) > 2:
			n, _ := strconv.ParseUint(e[2:], 16, 8) // two digits at most
			return string([]byte{byte(n)})
		case '0' <= c && c <= '7':
			n, _ := strconv.ParseUint(e[1:], 8, 16) // three digits at most
			return string([]byte{byte(n)})
		}
		return e[1:]
	}))
	return nil
}
