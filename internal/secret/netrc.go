package secret

import "strings"

// inNetrc returns the passwords, and the user names of entries without a password.
// https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
func inNetrc(text string) (found []string) {
	var user, password string
	entry := func() {
		if secret := credentialOf(user, password); secret != "" {
			found = append(found, secret)
		}
		user, password = "", ""
	}
	for words := netrcWords(text); len(words) > 0; {
		keyword := words[0]
		words = words[1:]
		value := ""
		if keyword != "default" && len(words) > 0 {
			value, words = words[0], words[1:]
		}
		switch keyword {
		case "machine", "default":
			entry()
		case "login":
			user = value
		case "password":
			password = value
		case "account": // a second password
			found = append(found, value)
		}
	}
	entry()
	return found
}

// netrcWords splits the text as curl and Python do: at blanks, but not within quotes, without lines that are comments
// and without macros, which end with an empty line.
func netrcWords(text string) (words []string) {
	macro := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case macro && line != "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "macdef"):
			macro = true
		default:
			macro = false
			words = append(words, split(line)...)
		}
	}
	return words
}

// split returns the words of a line. Quotes must begin a word; within them a backslash makes the next character
// literal.
func split(line string) (words []string) {
	var word strings.Builder
	quoted, some := false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quoted && i+1 < len(line):
			i++
			word.WriteByte(line[i])
		case c == '"' && (quoted || !some):
			quoted, some = !quoted, true
		case !quoted && (c == ' ' || c == '\t'):
			if some {
				words = append(words, word.String())
			}
			word.Reset()
			some = false
		default:
			some = true
			word.WriteByte(c)
		}
	}
	if some {
		words = append(words, word.String())
	}
	return words
}
