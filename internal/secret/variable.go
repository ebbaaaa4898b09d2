package secret

import (
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// parts matches where a word ends in a name such as authToken.
var parts = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// isCredentialName reports whether a variable or a setting of that name is a credential: API_KEY, authToken,
// SENTRY_DSN. Some words make it one anywhere in a name, others only at the end of a part of the name: AUTHOR is not a
// credential.
func isCredentialName(name string) bool {
	name = strings.ToUpper(parts.ReplaceAllString(name, "${1}_$2"))
	for _, word := range []string{"TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "CREDENTIAL"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		for _, end := range []string{"KEY", "PASS", "AUTH", "DSN"} {
			if strings.HasSuffix(part, end) || strings.HasSuffix(part, end+"S") {
				return true
			}
		}
	}
	return false
}

// plainWords matches values that are not secret whatever their name is: a number, or words and short numbers, as in
// "eu-central-1" or "mysite.settings". A letter and a digit next to each other, or both cases within a word, are
// more.
var plainWords = regexp.MustCompile(`^(?:[0-9]+|` + plainWord + `(?:[-_., ]` + plainWord + `)*)$`)

// plainWord is a word in one case, perhaps with a capital, or a short number.
const plainWord = `(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,4})`

// longWords is a length from which words are a passphrase.
const longWords = 24

// isPlain reports whether a value is a setting rather than a secret.
func isPlain(value string) bool { return len(value) < longWords && plainWords.MatchString(value) }

// path matches the path of a file: the secret is in the file.
var path = regexp.MustCompile(`^\.{0,2}/[\w./ @-]*$`)

// Variables returns the secrets among variables that may be anything: the values of those with the name of a
// credential, unless they are plain words, and the credentials in URLs.
func Variables(vars map[string]string) (found []Value) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		value := strings.TrimSpace(vars[name])
		for _, text := range inAddresses(value, false) {
			found = append(found, Value{name, text})
		}
		if isCredentialName(name) && !isPlain(value) && !path.MatchString(value) && !isReference(value) &&
			!isAddress(value) {
			found = append(found, Value{name, value})
		}
	}
	return found
}

// isAddress reports whether a value begins with a URL.
func isAddress(value string) bool {
	at := urlPattern.FindStringIndex(value)
	return at != nil && at[0] == 0
}

// isToolVariable reports whether a variable is a package manager's own. One without the name of a credential is a
// setting, such as UV_INDEX_STRATEGY=unsafe-best-match, if its value is plain.
func isToolVariable(name string) bool {
	prefixes := []string{"UV_", "PIP_", "POETRY_", "PIPENV_", "NPM_CONFIG_", "PNPM_CONFIG_", "YARN_"}
	name = strings.ToUpper(name)
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// passwordOf returns the name of the variable with the password that belongs to the user's name in another one. ok is
// false if that has no user's name.
func passwordOf(name string) (password string, ok bool) {
	for _, end := range []string{"USERNAME", "USER"} {
		if i := len(name) - len(end); i >= 0 && strings.EqualFold(name[i:], end) {
			return name[:i] + "PASSWORD", true
		}
	}
	return "", false
}

// Credentials returns the secrets among the variables of a binding for package managers, where each value may be one.
func Credentials(vars map[string]string) (found []Value) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		value := strings.TrimSpace(vars[name])
		for _, text := range inAddresses(value, true) {
			found = append(found, Value{name, text})
		}
		for _, text := range identity(value) {
			found = append(found, Value{name, text})
		}
		password, isUser := passwordOf(name)
		switch {
		case isAddress(value), path.MatchString(value), isReference(value):
		case isToolVariable(name) && !isCredentialName(name) &&
			(isPlain(value) || strings.Contains(value, "://")):
		case isUser && credentialOf(value, vars[password]) != value:
		default:
			found = append(found, Value{name, value})
		}
	}
	return found
}

// identity returns the password of "user:password" in base64, as npm's _auth has it, or alone, as its _password has it.
func identity(value string) []string {
	data, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(data) == 0 || !isPrintable(string(data)) {
		return nil
	}
	if user, password, ok := strings.Cut(string(data), ":"); ok {
		return []string{credentialOf(user, password)}
	}
	return []string{string(data)}
}

// isPrintable reports whether decoded base64 is text: other values only look like base64.
func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '�' })
}
