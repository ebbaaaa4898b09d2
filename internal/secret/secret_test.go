package secret

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
)

// cases are the texts and lines of testdata/secret.json.
type cases struct {
	Found []struct {
		Name, File, Variable string
		BuildEnv             string `json:"build-env"`
		Text                 string
		Secrets, Not         []string
	}
	Masked []struct {
		Secrets    []string
		Line, Want string
	}
}

func read(t *testing.T) (all cases) {
	t.Helper()
	data, err := os.ReadFile("testdata/secret.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Found) != 17 || len(all.Masked) != 10 {
		t.Fatalf("%d texts and %d lines", len(all.Found), len(all.Masked))
	}
	return all
}

func TestWhatIsASecret(t *testing.T) {
	for _, c := range read(t).Found {
		t.Run(c.Name, func(t *testing.T) {
			var values []Value
			switch {
			case c.File != "":
				values = File(c.File, c.Text)
			case c.Variable != "":
				values = Credentials(map[string]string{c.Variable: c.Text})
			default:
				values = Variables(map[string]string{c.BuildEnv: c.Text})
			}
			set := New(values...)
			for _, text := range c.Secrets {
				if got := set.Mask("<" + text + ">"); got != "<****>" {
					t.Errorf("%s: got %s", text, got)
				}
			}
			for _, text := range c.Not {
				if got := set.Mask(text); got != text {
					t.Errorf("%s is masked: %s", text, got)
				}
			}
			if len(c.Secrets) == 0 && set != nil {
				t.Errorf("there are secrets: %v", values)
			}
		})
	}
}

func TestLinesAreMasked(t *testing.T) {
	for _, c := range read(t).Masked {
		if got := setOf(c.Secrets...).Mask(c.Line); got != c.Want {
			t.Errorf("%s\ngot  %s\nwant %s", c.Line, got, c.Want)
		}
	}
}

func setOf(texts ...string) *Set {
	var values []Value
	for i, text := range texts {
		values = append(values, Value{fmt.Sprintf("SECRET_%d", i), text})
	}
	return New(values...)
}

// Programs write a value in many ways; nothing of it must be left, and what is around it must be.
func TestEveryFormIsMaskedAndFound(t *testing.T) {
	python := "hunt%40er%2F2%3A0%20%C3%BC%22%5C%26" // urllib.parse.quote(value, safe="")
	for _, value := range []string{"hunter2000", `hunt@er/2:0 ü"\&`, "0ab?>~9", "glpat-01_23+45/67=", "h\tü🐦'0",
		"$9aaaa"} {
		set := setOf(value)
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{
			"plain": value, "query": url.QueryEscape(value), "path": url.PathEscape(value),
			"JSON": string(quoted[1 : len(quoted)-1]),
			"all":  escaped(value, ""), "all, lower case": lowerHex(escaped(value, "")),
		}
		if value == `hunt@er/2:0 ü"\&` {
			texts["Python"], texts["Python's json"] = python, `hunt@er/2:0 \u00fc\"\\&`
		}
		for n := range 4 {
			around := strings.Repeat("u", n) + ":" + value
			texts[fmt.Sprintf("base64 %d", n)] = base64.StdEncoding.EncodeToString([]byte(around))
			texts[fmt.Sprintf("base64 for URLs %d", n)] = base64.URLEncoding.EncodeToString([]byte(around + "::"))
			texts[fmt.Sprintf("base64 without padding %d", n)] = base64.RawStdEncoding.EncodeToString([]byte(around))
			texts[fmt.Sprintf("base64 in more %d", n)] = base64.RawURLEncoding.EncodeToString([]byte(around + ",more"))
		}
		for name, text := range texts {
			if got := set.Mask("<" + text + ">"); got != "<****>" {
				t.Errorf("%s as %s, %s: got %s", value, name, text, got)
			}
			if _, err := set.Finder().Write([]byte("<" + text + ">")); err == nil {
				t.Errorf("%s as %s, %s: not found", value, name, text)
			}
		}
	}
}

// What is only masked: any letter may be encoded, and twice.
func TestPercentEncodingIsMaskedHoweverItIsDone(t *testing.T) {
	set := setOf("hunt@er2000")
	for line, want := range map[string]string{
		"?a=%68unt%40er%32000&b=%41": "?a=****&b=%41", "hunt%2540er2000": "****",
		"100% hunt@er2000 %zz %4": "100% **** %zz %4",
		"%":                       "%", "hunt%40er200": "hunt%40er200",
	} {
		if got := set.Mask(line); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

func TestKeysOfSeveralLinesAreMaskedLineByLine(t *testing.T) {
	key := "-----BEGIN KEY-----\nMIIEpAIBAAKCAQEA01234567\nq0q1q2q3q4q5q6q7q8q9\nab==\n-----END KEY-----"
	set := setOf(key)
	for line, want := range map[string]string{
		"  q0q1q2q3q4q5q6q7q8q9": "  ****", "-----BEGIN KEY-----": "-----BEGIN KEY-----", "ab==": "ab==",
		"key: " + key + "!": "key: ****!",
	} {
		if got := set.Mask(line); got != want {
			t.Errorf("%q: got %q", line, got)
		}
	}
}

func TestAnEmptySetIsNone(t *testing.T) {
	var none *Set
	if none.Mask("x") != "x" || none.Has("x") || New(Value{"A", "short"}) != nil {
		t.Error("it masks")
	}
	if n, err := none.Finder().Write([]byte("x")); n != 1 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}
