package po

import (
	"strings"
	"testing"
)

func TestPlaceholdersOfTranslations(t *testing.T) {
	for text, want := range map[string]string{
		"#, python-format\nmsgid \"%(n)s of %(all)d\"\nmsgstr \"%(all)d: %(n)s\"\n":                                 "",
		"#, python-format\nmsgid \"%(n)s\"\nmsgstr \"%(m)s\"\n":                                                     "m of msgstr is not in msgid (python-format)",
		"#, python-format\nmsgid \"%(n)s\"\nmsgstr \"none\"\n":                                                      "n of msgid is not in msgstr (python-format)",
		"#, python-format\nmsgid \"%s %s 5%%\"\nmsgstr \"5%% %s %s\"\n":                                             "",
		"#, python-format\nmsgid \"%s %s\"\nmsgstr \"%s\"\n":                                                        "%s of msgid is not in msgstr",
		"#, python-format\nmsgid \"%s\"\nmsgstr \"%d\"\n":                                                           "%d of msgstr is not in msgid",
		"#, fuzzy, python-format\nmsgid \"%s\"\nmsgstr \"x\"\n":                                                     "",
		"#, no-python-format\nmsgid \"%s\"\nmsgstr \"x\"\n":                                                         "",
		"msgid \"%s\"\nmsgstr \"x\"\n":                                                                              "",
		"#, python-format\nmsgid \"%(n)s a\"\nmsgid_plural \"%(n)s b\"\nmsgstr[0] \"one\"\nmsgstr[1] \"%(n)s B\"\n": "",
		"#, python-format\nmsgid \"a\"\nmsgid_plural \"%(n)s b\"\nmsgstr[0] \"one\"\nmsgstr[1] \"%(m)s B\"\n":       "m of msgstr",
		"#, python-brace-format\nmsgid \"{n} {{x}} {m.a:>3}\"\nmsgstr \"{m.b} {n}{n}\"\n":                           "",
		"#, python-brace-format\nmsgid \"{n}\"\nmsgstr \"{m}\"\n":                                                   "m of msgstr is not in msgid (python-brace-format)",
		"#, python-brace-format\nmsgid \"{}\"\nmsgstr \"x\"\n":                                                      "{} of msgid is not in msgstr",
	} {
		_, err := Compile([]byte(header+"\n"+text), Options{Check: true})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
		if _, err := Compile([]byte(header+"\n"+text), Options{}); err != nil {
			t.Errorf("%q, not checked: %v", text, err)
		}
	}
}

func TestNumbersOfMessages(t *testing.T) {
	const text = header +
		"\nmsgid \"a\"\nmsgstr \"A\"\n\n#, fuzzy\nmsgid \"b\"\nmsgstr \"B\"\n\nmsgid \"c\"\nmsgstr \"\"\n"
	for _, fuzzy := range []bool{false, true} {
		c, err := Compile([]byte(text), Options{Fuzzy: fuzzy})
		want := Compiled{Translated: 1, Fuzzy: 1, Untranslated: 1}
		if fuzzy {
			want = Compiled{Translated: 2, Untranslated: 1}
		}
		if _, has := read(t, c.MO)["b"]; has != fuzzy {
			t.Errorf("fuzzy %v: the fuzzy translation is there: %v", fuzzy, has)
		}
		if c.MO = nil; err != nil || c.Translated != want.Translated || c.Fuzzy != want.Fuzzy ||
			c.Untranslated != want.Untranslated {
			t.Errorf("fuzzy %v: %v, got %+v, want %+v", fuzzy, err, c, want)
		}
	}
}
