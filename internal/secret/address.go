package secret

import (
	"net/url"
	"regexp"
	"strings"
)

// urlPattern matches a URL in a text: scheme, userinfo up to the last @ of the authority, host and path, query. A
// password that is not encoded may have all characters except those that end an authority.
// https://datatracker.ietf.org/doc/html/rfc3986#section-3.2
var urlPattern = regexp.MustCompile("(?i)([a-z][a-z0-9+.-]*://)([^\\s/?#]*@)?([^\\s?#\"'<>`]*)(\\?[^\\s#\"'<>`]*)?")

// Public returns text without the userinfo and query of its URLs, for texts that are shown and for digests.
func Public(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return urlPattern.ReplaceAllStringFunc(text, PublicURL)
}

// PublicURL returns a URL without userinfo and query, either of which may be a credential. A fragment, such as a
// commit, stays, and so does a user's name too short for a secret, as in ssh://git@host. Other texts are unchanged.
func PublicURL(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	host := strings.LastIndexByte(rest[:end], '@') + 1
	if host <= minLength && !strings.Contains(rest[:host], ":") {
		host = 0
	}
	before, fragment, marked := strings.Cut(rest[host:], "#")
	before, _, _ = strings.Cut(before, "?")
	if marked {
		before += "#" + fragment
	}
	return scheme + "://" + before
}

// inAddresses returns the credentials in the URLs of text. In the URL of a credential each user, password and query is
// secret; in others it may be a setting.
func inAddresses(text string, credential bool) (found []string) {
	for _, m := range urlPattern.FindAllStringSubmatch(text, -1) {
		user, password, _ := strings.Cut(strings.TrimSuffix(m[2], "@"), ":")
		if secret := credentialOf(user, password); credential || !isPlain(secret) {
			found = append(found, decoded(secret)...)
		}
		for pair := range strings.SplitSeq(strings.TrimPrefix(m[4], "?"), "&") {
			name, value, _ := strings.Cut(pair, "=")
			if credential && (isCredentialName(name) || !isPlain(value)) || isCredentialName(name) && !isPlain(value) {
				found = append(found, decoded(value)...)
			}
		}
	}
	return found
}

// credentialOf returns the credential of a URL's userinfo. If the user name is a token, the password is empty or a
// fixed word.
// https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#using-basic-authentication
func credentialOf(user, password string) string {
	switch {
	case password != "" && password != "x-oauth-basic": //nolint:gosec // a name that forges use
		return password
	case isFixedUser(user):
		return ""
	}
	return user
}

// isFixedUser reports whether registries and forges use a user's name for anyone with a token. The token is then
// elsewhere.
func isFixedUser(name string) bool {
	switch strings.ToLower(name) {
	case "anonymous", "oauth2", "oauth2accesstoken", "_json_key", "_json_key_base64", "__token__", "x-access-token",
		"x-token-auth", "gitlab-ci-token", "vsssessiontoken":
		return true
	}
	return false
}

// decoded returns the value as it is written and, if it is percent-encoded, its plain form.
func decoded(value string) []string {
	if value == "" || isReference(value) {
		return nil
	}
	if plain, err := url.PathUnescape(value); err == nil && plain != value {
		return []string{value, plain}
	}
	return []string{value}
}

// isReference reports whether a value is ${NAME}, which a tool replaces with a variable's value.
func isReference(value string) bool {
	return strings.HasPrefix(value, "${") && strings.IndexByte(value, '}') == len(value)-1
}
