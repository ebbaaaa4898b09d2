package po

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read is a .mo file's messages, by the format's own description.
func read(t *testing.T, mo []byte) map[string]string {
	t.Helper()
	at := func(offset uint32) uint32 { return binary.LittleEndian.Uint32(mo[offset:]) }
	if at(0) != 0x950412de || at(4) != 0 {
		t.Fatalf("not a .mo file: % x", mo[:8])
	}
	text := func(entry uint32) string {
		length, offset := at(entry), at(entry+4)
		if mo[offset+length] != 0 {
			t.Errorf("the text at %d does not end with a zero byte", offset)
		}
		return string(mo[offset : offset+length])
	}
	out, before := map[string]string{}, ""
	for i := range at(8) {
		key := text(at(12) + 8*i)
		if i > 0 && key <= before {
			t.Errorf("%q comes after %q", key, before)
		}
		before = key
		out[key] = text(at(16) + 8*i)
	}
	return out
}

const header = "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"

func TestCompile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"several lines": {"# by hand\nmsgid \"Hello \"\n\"world\"\nmsgstr \"Hallo \"\n  \"Welt\"\n",
			map[string]string{"Hello world": "Hallo Welt"}},
		"no blank line between": {"msgid \"a\"\nmsgstr \"A\"\nmsgid \"b\"\nmsgstr \"B\"\n",
			map[string]string{"a": "A", "b": "B"}},
		"plural": {"msgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"eins\"\nmsgstr[1] \"viele\"\n",
			map[string]string{"one\x00many": "eins\x00viele"}},
		"context": {"msgctxt \"month\"\nmsgid \"May\"\nmsgstr \"Mai\"\nmsgctxt \"verb\"\nmsgid \"May\"\n" +
			"msgstr \"darf\"\n", map[string]string{"month\x04May": "Mai", "verb\x04May": "darf"}},
		"fuzzy is left out": {"#: a.py:1\n#, fuzzy, python-format\n#| msgid \"x\"\nmsgid \"a\"\nmsgstr \"A\"\n\n" +
			"#, python-format\nmsgid \"b %s\"\nmsgstr \"B %s\"\n", map[string]string{"b %s": "B %s"}},
		"obsolete is left out": {"msgid \"a\"\nmsgstr \"A\"\n\n#~ msgid \"b\"\n#~ msgstr \"B\"\n",
			map[string]string{"a": "A"}},
		"empty is left out": {"msgid \"a\"\nmsgstr \"\"\nmsgid \"b\"\nmsgid_plural \"c\"\nmsgstr[0] \"\"\n" +
			"msgstr[1] \"\"\n", map[string]string{}},
		"escapes": {`msgid "a\"\\\n\t"` + "\n" + `msgstr "\x41\101ü\\n"` + "\n",
			map[string]string{"a\"\\\n\t": "AAü\\n"}},
		"Windows":              {"msgid \"a\"\r\nmsgstr \"A\"\r\n", map[string]string{"a": "A"}},
		"other encodings stay": {"msgid \"a\"\nmsgstr \"\xe4\"\n", map[string]string{"a": "\xe4"}},
	} {
		t.Run(name, func(t *testing.T) {
			compiled, err := Compile([]byte("\ufeff# a fuzzy header counts\n#, fuzzy\n"+header+"\n"+c.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			c.want[""] = "Content-Type: text/plain; charset=UTF-8\n"
			if diff := cmp.Diff(c.want, read(t, compiled.MO)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNoTranslationIsAnErrorWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"<<<<<<< HEAD\n":                "line 1: not understood",
		"msgid \"a\"\nmsgstr \"A\n":     "line 2: not a string",
		"msgid \"a\"\n\nmsgid \"b\"\n":  "line 3: a second msgid",
		"msgid \"a\"\n# x\n":            "line 2: the entry before this has no msgid or no msgstr",
		"\"a\"\n":                       "line 1: a string that belongs to nothing",
		"msgid \"a\"\nmsgstr[1] \"\"\n": "line 2: msgstr[1] where msgstr[0] should be",
		"msgid \"a\"\nmsgstr \"A\"\nmsgid \"a\"\nmsgstr \"B\"\n": "line 4: a second translation of \"a\"",
	} {
		if _, err := Compile([]byte(text), Options{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
