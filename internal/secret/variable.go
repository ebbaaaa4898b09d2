package secret

import (
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	// word matches anywhere in a name. ending matches at the end of a name or of a part of it: AUTHOR is not a
	// credential.
	word   = regexp.MustCompile(`TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL`)
	ending = regexp.MustCompile(`(?:KEY|PASS|AUTH|DSN)S?(?:$|[^A-Z])`)
	parts  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// isCredentialName reports whether a variable or a setting of that name is a credential: API_KEY, authToken,
// SENTRY_DSN.
func isCredentialName(name string) bool {
	name = strings.ToUpper(parts.ReplaceAllString(name, "${1}_$2"))
	return word.MatchString(name) || ending.MatchString(name)
}

// plainWords matches values that are not secret whatever their name is: a number, or words and short numbers, as in
// "eu-central-1" or "mysite.settings". A letter and a digit next to each other, or both cases within a word, are
// more.
var plainWords = regexp.MustCompile(`^(?:[0-9]+|` + plainWord + `(?:[-_., ]` + plainWord + `)*)$`)

const plainWord = `(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,4})`

// longWords is a length from which words are a passphrase.
const longWords = 24

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
		if isCredentialName(name) && !isPlain(value) && !path.MatchString(value) && !reference.MatchString(value) &&
			!isAddress(value) {
			found = append(found, Value{name, value})
		}
	}
	return found
}

func isAddress(value string) bool {
	at := address.FindStringIndex(value)
	return at != nil && at[0] == 0
}

// settings matches the package managers' own variables. One without the name of a credential is a setting, such as
// UV_INDEX_STRATEGY=unsafe-best-match, if its value is plain.
var settings = regexp.MustCompile(`(?i)^(?:UV|PIP|POETRY|PIPENV|NPM_CONFIG|PNPM_CONFIG|YARN)_`)

// user matches the variables that have a user's name; the same name with PASSWORD at its end has what goes with it.
var user = regexp.MustCompile(`(?i)USER(?:NAME)?$`)

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
		password := vars[user.ReplaceAllString(name, "PASSWORD")]
		switch {
		case isAddress(value), path.MatchString(value), reference.MatchString(value):
		case settings.MatchString(name) && !isCredentialName(name) &&
			(isPlain(value) || strings.Contains(value, "://")):
		case user.MatchString(name) && login(value, password) != value:
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
		return []string{login(user, password)}
	}
	return []string{string(data)}
}

func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '�' })
}
