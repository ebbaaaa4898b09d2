package secret

import (
	"slices"
	"testing"
)

func TestNamesOfCredentials(t *testing.T) {
	for _, name := range []string{
		"GITLAB_TOKEN", "NPM_TOKENS", "SECRET_KEY", "AWS_ACCESS_KEY_ID", "PGPASSWORD", "DB_PASS", "MYSQLPASSWD",
		"SENTRY_DSN", "apiKey", "api-key",
		"GOOGLE_APPLICATION_CREDENTIALS", "npmAuthToken", "_auth", "//npm.example.com/:_password", "BASIC_AUTH",
		"AUTH_HEADER", "private_token", "KEYS",
	} {
		if !isCredentialName(name) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{
		"AUTHOR", "GIT_AUTHOR_EMAIL", "KEYRING_PROVIDER", "keyring-provider", "KEYBOARD", "COMPASSION",
		"DJANGO_SETTINGS_MODULE", "PASSENGER", "registry",
		"username", "timeout", "npmRegistryServer",
	} {
		if isCredentialName(name) {
			t.Errorf("%s is one", name)
		}
	}
}

func TestPlainWords(t *testing.T) {
	for _, value := range []string{
		"true", "production", "eu-central-1", "mysite.settings.production", "Jane Doe", "DEBUG", "600000",
		"unsafe-best-match", "python-3.13",
	} {
		if !isPlain(value) && len(value) < longWords {
			t.Errorf("%s is a secret", value)
		}
	}
	for _, value := range []string{"hunter2000", "sK3xy", "tok-0123456789", "hunt@er",
		"correct-horse-battery-staple", "aHVudGVy", "me@example.com"} {
		if isPlain(value) {
			t.Errorf("%s is plain", value)
		}
	}
}

// texts are the values' texts, sorted.
func texts(values []Value) (found []string) {
	for _, v := range values {
		found = append(found, v.Text)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestSecretsInVariables(t *testing.T) {
	for _, c := range []struct {
		of          func(map[string]string) []Value
		name, value string
		want        []string
	}{
		{Credentials, "UV_INDEX_STRATEGY", "unsafe-best-match", nil},
		{Credentials, "UV_KEYRING_PROVIDER", "subprocess", nil},
		{Credentials, "npm_config_registry", "https://npm.example.com/", nil},
		{Credentials, "UV_INDEX", "company=https://pypi.example.com/simple", nil},
		{Credentials, "UV_INDEX", "company=https://u:hunter2000@pypi.example.com/simple b=https://tok_01234@h/",
			[]string{"hunter2000", "tok_01234"}},
		{Credentials, "UV_INDEX_A_PASSWORD", "correcthorse", []string{"correcthorse"}},
		{Credentials, "UV_INDEX_A_USERNAME", "tok_0123456", []string{"tok_0123456"}},
		{Credentials, "COMPANY", "correcthorse", []string{"correcthorse"}},
		{Credentials, "PIP_CERT", "/platform/bindings/a/ca.pem", nil},
		{Credentials, "NPM_AUTH", "dXNlcjpodW50ZXIyMDAw", []string{"dXNlcjpodW50ZXIyMDAw", "hunter2000"}},
		{Credentials, "NPM_TOKEN", "${OTHER}", nil},
		{Variables, "SECRET_SAUCE", "true", nil},
		{Variables, "AUTH_URL", "https://auth.example.com/login?next=page", nil},
		{Variables, "REDIS", "redis://:hunter2000@redis.example.com/0?ssl=required", []string{"hunter2000"}},
		{Variables, "DATABASE_URL", "postgres://postgres:postgres@localhost/app", nil},
		{Variables, "HOOK", "https://hooks.example.com/?token=T0123456&channel=web01x", []string{"T0123456"}},
		{Variables, "SENTRY_DSN", "https://a1b2c3d4e5@sentry.example.com/1", []string{"a1b2c3d4e5"}},
		{Variables, "SSH_AUTH_SOCK", "/run/user/1000/agent.1", nil},
		{Variables, "GIT_AUTHOR_EMAIL", "me@example.com", nil},
		{Variables, "ORDINARY", "hunter2000", nil},
	} {
		if got := texts(c.of(map[string]string{c.name: c.value})); !slices.Equal(got, c.want) {
			t.Errorf("%s=%s: got %q, want %q", c.name, c.value, got, c.want)
		}
	}
	got := texts(Credentials(map[string]string{"UV_INDEX_A_USERNAME": "reader-1", "UV_INDEX_A_PASSWORD": "hunter2000"}))
	if !slices.Equal(got, []string{"hunter2000"}) {
		t.Errorf("with a password the user's name is no secret: got %q", got)
	}
}

func TestSecretsInFiles(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{".netrc", "machine h login tok_0123456 password x-oauth-basic", []string{"tok_0123456"}},
		{".netrc", "machine h\nlogin tok_0123456\nmachine i login me password \"a \\\"b\" account second-0",
			[]string{"a \"b", "second-0", "tok_0123456"}},
		{"netrc", "macdef init\npassword not-this-1\n\nmachine h login me password #hash-2\n", []string{"#hash-2"}},
		{".netrc", "default login anonymous", nil},
		{".netrc", "machine", nil},
		{"uv.toml", "[[index]]\nname = \"a\"\npassword = \"hunter2000\nurl = ", []string{"hunter2000"}},
		// broken: the tool repeats the line
		{".yarnrc.yml",
			"npmScopes:\n  a: {npmAuthToken: 'tok_0123456'}\n  b: [{npmAuthIdent: 'dXNlcjpodW50ZXIyMDAw'}]\n",
			[]string{"dXNlcjpodW50ZXIyMDAw", "hunter2000", "tok_0123456"}},
		{".yarnrc.yml", "a: [\nnpmAuthToken: tok_0123456\n", []string{"tok_0123456"}},
		{".yarnrc", "\"//npm.example.com/:_authToken\" \"tok_0123456\"\nregistry \"https://npm.example.com\"\n",
			[]string{"tok_0123456"}},
		{"pip.conf",
			"[global]\nindex-url=https://tok_0123456:x-oauth-basic@h/\n" +
				"extra-index-url=https://oauth2accesstoken@h/?format=json\n", []string{"tok_0123456"}},
		{"config.toml",
			"[http-basic.a]\nusername = \"me\"\npassword = \"hunter2000\"\n[repositories.a]\n" +
				"url = \"https://h/simple\"\n",
			[]string{"hunter2000"}},
	} {
		if got := texts(File(c.name, c.text)); !slices.Equal(got, c.want) {
			t.Errorf("%s %q: got %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestAddressesArePublic(t *testing.T) {
	for text, want := range map[string]string{
		"https://user:pass@h.example.com/a?token=x#frag":           "https://h.example.com/a#frag",
		"https://u:p@ss@h.example.com/y.tgz":                       "https://h.example.com/y.tgz",
		"https://u:p'\"<@h/x":                                      "https://h/x",
		"git+https://tok_01@github.example.com/a/b.git@main#egg=x": "git+https://github.example.com/a/b.git@main#egg=x",
		"--index-url=https://u:@h/simple --no-deps":                "--index-url=https://h/simple --no-deps",
		"git+ssh://git@h/a https://key@h https://tokens@h":         "git+ssh://git@h/a https://key@h https://h",
		"https://h/@scope/pkg/-/pkg-1.tgz":                         "https://h/@scope/pkg/-/pkg-1.tgz",
		`{"resolved": "https://r.example.com/a.tgz?token=x" x`:     `{"resolved": "https://r.example.com/a.tgz" x`,
		"https://a/?b=c https://d:@e":                              "https://a/ https://e",
		"HTTPS://U:P@H":                                            "HTTPS://H",
		"https://h?token=x":                                        "https://h",
		"postgres://app:pw@db/app?sslmode=require":                 "postgres://db/app",
		"me@example.com, git@github.example.com:a/b, a?b, x://": "me@example.com, git@github.example.com:a/b, " +
			"a?b, x://",
		"fatal: could not read Password for 'https://tok_01@h.org'": "fatal: could not read Password for " +
			"'https://h.org'",
	} {
		if got := Public(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
