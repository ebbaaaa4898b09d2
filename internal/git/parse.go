package git

import "strings"

// parse reads a config as git does. ok is false if there is something that git would refuse; the entries before it are
// returned.
// https://git-scm.com/docs/git-config#_syntax
func parse(config string) (entries []entry, ok bool) {
	p := &parser{rest: strings.ReplaceAll(strings.TrimPrefix(config, "\ufeff"), "\r\n", "\n")}
	var section, subsection string
	for {
		switch p.skipSpace(); {
		case p.rest == "":
			return entries, true
		case p.rest[0] == '#' || p.rest[0] == ';':
			p.until("\n")
		case p.rest[0] == '[':
			if section, subsection, ok = p.header(); !ok {
				return entries, false
			}
		default:
			e, ok := p.setting()
			if !ok {
				return entries, false
			}
			e.section, e.subsection = section, subsection
			entries = append(entries, e)
		}
	}
}

// parser has the text that is not read yet.
type parser struct{ rest string }

// skipSpace reads space and empty lines.
func (p *parser) skipSpace() { p.rest = strings.TrimLeft(p.rest, " \t\n\r\v\f") }

// until reads up to one of the characters.
func (p *parser) until(chars string) string {
	end := strings.IndexAny(p.rest, chars)
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	return text
}

// header reads [section], [section "subsection"] or, as of old, [section.subsection].
func (p *parser) header() (section, subsection string, ok bool) {
	p.rest = p.rest[1:]
	name := strings.ToLower(p.until("] \t\n\""))
	section, subsection, _ = strings.Cut(name, ".")
	p.rest = strings.TrimLeft(p.rest, " \t")
	if strings.HasPrefix(p.rest, `"`) {
		p.rest = p.rest[1:]
		if subsection, ok = p.quotedName(); !ok {
			return "", "", false
		}
	}
	if section == "" || !strings.HasPrefix(p.rest, "]") {
		return "", "", false
	}
	p.rest = p.rest[1:]
	return section, subsection, true
}

// quotedName reads a subsection up to its closing quote. A backslash makes the next character literal.
func (p *parser) quotedName() (name string, ok bool) {
	var out strings.Builder
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '\n':
			return "", false
		case c == '"':
			p.rest = p.rest[i+1:]
			return out.String(), true
		case c == '\\' && i+1 < len(p.rest):
			i++
			out.WriteByte(p.rest[i])
		default:
			out.WriteByte(c)
		}
	}
	return "", false
}

// setting reads a key and, after "=", its value.
func (p *parser) setting() (e entry, ok bool) {
	e.key = strings.ToLower(p.until("= \t\n#;"))
	if e.key == "" || strings.ContainsAny(e.key, "[]\"\\") {
		return e, false
	}
	p.rest = strings.TrimLeft(p.rest, " \t")
	if !strings.HasPrefix(p.rest, "=") {
		e.bare = true
		return e, p.rest == "" || strings.ContainsAny(p.rest[:1], "\n#;")
	}
	p.rest = strings.TrimLeft(p.rest[1:], " \t")
	e.value, ok = p.value()
	return e, ok
}

// value reads up to the end of the line, which a backslash continues. It drops trailing space that is not quoted.
func (p *parser) value() (value string, ok bool) {
	var out strings.Builder
	inside, end := false, 0 // end is where the value ends if nothing but space follows
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '\n' || !inside && (c == '#' || c == ';'):
			p.rest = p.rest[i:]
			p.until("\n")
			return out.String()[:end], !inside
		case c == '"':
			inside = !inside
			end = out.Len()
		case c == '\\':
			i++
			escaped, known := "", i < len(p.rest)
			if known {
				escaped, known = escapes[p.rest[i]]
			}
			if !known {
				return "", false
			}
			out.WriteString(escaped)
			end = out.Len()
		default:
			out.WriteByte(c)
			if inside || c != ' ' && c != '\t' {
				end = out.Len()
			}
		}
	}
	p.rest = ""
	return out.String()[:end], !inside
}

// escapes are the characters that may follow a backslash in a value, and what they become.
var escapes = map[byte]string{'n': "\n", 't': "\t", 'b': "\b", '"': `"`, '\\': `\`, '\n': ""}
