package versions

import (
	"regexp"
	"strings"
	"testing"
)

func TestVersionsOfTools(t *testing.T) {
	for _, c := range []struct {
		have, wanted string
		ok           bool
		requirement  string
	}{
		{"0.12.16", ">=0.5", true, "uv>=0.5"},
		{"0.12.16", ">=0.9,<0.12", false, "uv>=0.9,<0.12"},
		{"0.12.16", "0.5.1", false, "uv==0.5.1"},
		{"0.12.16", "==0.12.16", true, "uv==0.12.16"},
		{"0.12.16", "~=0.12.3", true, "uv~=0.12.3"},
		{"0.12.16", "~=0.11.0", false, "uv~=0.11.0"},
		{"0.12.16", "~=0.5", true, "uv~=0.5"},
		{"0.12.16", "==0.12.*", true, "uv==0.12.*"},
		{"0.12.16", "!=0.12.16", false, "uv!=0.12.16"},
		{"2.5.1", "^2.0", true, "uv~=2.0"},
		{"2.5.1", "~2.0", false, "uv~=2.0.0"},
		{"2.5.1", "^2", true, "uv>=2,==2.*"},
		{"2.5.1", "^2.1.3", true, "uv>=2.1.3,==2.*"},
		{"2.5.1", "~2", true, "uv~=2.0"},
		{"2.5.1", "~2.5.1", true, "uv~=2.5.1"},
		{"2.5.1", "2.*", false, "uv==2.*"}, // not sure
		{"2.5.1", "==2.0rc1", false, "uv==2.0rc1"},
		{"2.5.1", ">= 2.0 , < 3", true, "uv>=2.0,<3"},
		{"2.5.1", "*", true, "uv"},
		{"2.5.1", "what?", false, ""},
		{"2.5.1", ">=2.*", false, ""},
		{"2.5.1", ">=2,", false, ""},
		{"2.5.1", "", false, ""},
		{"2.5.1", strings.Repeat(">=2,", 100) + "<3", false, ""},
		{"2.5.1", "==" + strings.Repeat("2", 300), false, ""},
	} {
		if got := Satisfies(c.have, c.wanted); got != c.ok {
			t.Errorf("%s of %q: got %v", c.have, c.wanted, got)
		}
		if got := Requirement("uv", c.wanted); strings.TrimSuffix(got, "\n") != c.requirement {
			t.Errorf("%q: got %q", c.wanted, got)
		}
	}
}

var oneRequirement = regexp.MustCompile(`^[a-z]+((===|==|~=|!=|<=|>=|<|>)[\w.*+!-]+(,` +
	`(===|==|~=|!=|<=|>=|<|>)[\w.*+!-]+)*)?\n$`)

// What an app asks of its package manager is a version: it gets no line, option, address or marker of its own into our
// requirements.
func TestRequirementIsOneRequirement(t *testing.T) {
	for _, wanted := range []string{
		"\n--index-url https://evil.example.com/simple\npoetry==2.0", "--index-url=https://evil.example.com",
		">=2\n-e .",
		" @ https://evil.example.com/x.tgz", ">=2; os_name == 'x'",
		"[extra]>=2", ">=2 --hash=sha256:0", "==2 \\\n -r /etc/passwd", "\r\n-r x", "\u2028-r x", ">=2 # x", "$(x)",
		"${TOKEN}",
	} {
		if got := Requirement("Poetry", wanted); got != "" && !oneRequirement.MatchString(got) {
			t.Errorf("%q gives %q", wanted, got)
		}
	}
	for wanted, want := range map[string]string{">=2": "poetry>=2\n", "2.1.3": "poetry==2.1.3\n",
		"^2.1":   "poetry~=2.1\n",
		">=2,<3": "poetry>=2,<3\n"} {
		if got := Requirement("Poetry", wanted); got != want {
			t.Errorf("%q gives %q, want %q", wanted, got, want)
		}
	}
}

// Whatever an app writes for the version of its tools, reading it ends.
func FuzzTools(f *testing.F) {
	for _, text := range []string{">=2,<3", "^2.1", "2.*", "===x", "lts/*", "10||11", "~=0", "1!2.0", "<=*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := Requirement("Poetry", text); got != "" && !oneRequirement.MatchString(got) && got != "poetry\n" {
			t.Errorf("%q gives %q", text, got)
		}
		_, _ = Satisfies("1.2.3", text), InRange("1.2.3", text)
	})
}
