package secret

import (
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"
)

// File returns the secrets in a file of a binding for package managers: tokens and passwords, by the names of their
// settings, and the credentials in URLs. name is the name that the tools use, such as .npmrc.
func File(name, text string) (found []Value) {
	if strings.TrimPrefix(name, ".") == "netrc" {
		for _, secret := range inNetrc(text) {
			found = append(found, Value{name, secret})
		}
		return found
	}
	for _, secret := range inAddresses(text, true) {
		found = append(found, Value{name, secret})
	}
	for _, s := range settingsOf(name, text) {
		if !s.credential() || isReference(s.value) || isAddress(s.value) {
			continue
		}
		found = append(found, Value{name, s.value})
		for _, secret := range append(identity(s.value), ident(s)...) {
			found = append(found, Value{name, secret})
		}
	}
	return found
}

// ident returns the password of Yarn's npmAuthIdent, which may be "user:password" as it is.
// https://yarnpkg.com/configuration/yarnrc#npmAuthIdent
func ident(s setting) []string {
	if user, password, ok := strings.Cut(s.value, ":"); ok && strings.HasSuffix(s.name, "Ident") {
		return []string{credentialOf(user, password)}
	}
	return nil
}

// setting is one entry of a file, in a table.
type setting struct{ table, name, value string }

// credential reports whether the value is one, by its name or as one of Poetry's [pypi-token].
func (s setting) credential() bool {
	return isCredentialName(s.name) || strings.HasSuffix(s.table, "-token") || strings.HasSuffix(s.name, "Ident")
}

// settingsOf reads a file in its format, and line by line where it is not in it: the tool's error may repeat a line.
func settingsOf(name, text string) []setting {
	var data any
	switch {
	case strings.HasSuffix(name, ".toml"):
		var table map[string]any
		if _, err := toml.Decode(text, &table); err == nil {
			return flat("", "", table)
		}
	case strings.HasSuffix(name, ".yml"):
		if err := yaml.Unmarshal([]byte(text), &data); err == nil {
			return flat("", "", data)
		}
	}
	return byLine(text)
}

// flat returns the texts in decoded TOML or YAML, each with its name and that of the table around it. Numbers and
// switches are not secret.
func flat(table, name string, data any) (all []setting) {
	switch data := data.(type) {
	case map[string]any:
		for key, value := range data {
			all = append(all, flat(name, key, value)...)
		}
	case []map[string]any:
		for _, value := range data {
			all = append(all, flat(table, name, value)...)
		}
	case []any:
		for _, value := range data {
			all = append(all, flat(table, name, value)...)
		}
	case string:
		all = append(all, setting{table, name, data})
	}
	return all
}

// pair matches name = value of .npmrc, pip.conf and TOML, name: value of YAML, name "value" of .yarnrc.
var pair = regexp.MustCompile(`^\s*-?\s*["']?([^\s"'=]*[^\s"'=:])["']?\s*(?:[=:]|\s)\s*(.*?)\s*$`)

// byLine returns the settings of a text of any format that has one in a line, with the table that the lines before name
// ("[pypi-token]").
func byLine(text string) (all []setting) {
	table := ""
	for line := range strings.Lines(text) {
		name, ended := "", false
		if head, ok := strings.CutPrefix(strings.TrimSpace(line), "["); ok {
			name, _, ended = strings.Cut(strings.TrimLeft(head, "["), "]")
		}
		if ended {
			table = name
		} else if m := pair.FindStringSubmatch(line); m != nil {
			all = append(all, setting{table, m[1], unquoted(m[2])})
		}
	}
	return all
}

// unquoted returns the value between its quotes, of which the last may be missing.
func unquoted(value string) string {
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') {
		if end := strings.IndexByte(value[1:], value[0]); end >= 0 {
			return value[1 : 1+end]
		}
		return value[1:]
	}
	return value
}
