package msgfmt

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/limits"
)

const text = "msgid \"\"\nmsgstr \"\"\n\n#, fuzzy\nmsgid \"a\"\nmsgstr \"A\"\n\n#, python-format\nmsgid \"%s\"\n" +
	"msgstr \"B\"\n"

func TestMsgfmt(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("a.po", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for command, want := range map[string]struct {
		file, stderr string
		fuzzy        bool
	}{
		"-o a.mo a.po":                     {file: "a.mo"},
		"a.po":                             {file: "messages.mo"},
		"-oa.mo -f a.po":                   {file: "a.mo", fuzzy: true},
		"--output-file=a.mo --use-fuzzy -": {file: "a.mo", fuzzy: true},
		"--statistics --output-file a.mo a.po": {file: "a.mo",
			stderr: "1 translated messages, 1 fuzzy translations, 0 untranslated messages.\n"},
		"-vf -o - a.po":               {file: "-", stderr: "2 translated messages, 0 fuzzy translations", fuzzy: true},
		"--check-format -o a.mo a.po": {stderr: "msgfmt: a.po: line 10: %s of msgid is not in msgstr (python-format)\n"},
		"-cv -o a.mo a.po":            {stderr: "line 10"},
		"-o a.mo":                     {stderr: "msgfmt: no file. Tandem's msgfmt knows: -o FILE"},
		"-o":                          {stderr: "msgfmt: -o needs a file"},
		"--java a.po":                 {stderr: "msgfmt: --java is not known. Tandem's msgfmt knows"},
		"-x a.po":                     {stderr: "msgfmt: -x is not known"},
		"a.po b.po":                   {stderr: "more than one file"},
		"-o a.mo gone.po":             {stderr: "gone.po"},
	} {
		var stdout, stderr bytes.Buffer
		code := Main(append([]string{"msgfmt"}, strings.Fields(command)...), strings.NewReader(text), &stdout, &stderr)
		if !strings.Contains(stderr.String(), want.stderr) || (code == 0) != (want.file != "") {
			t.Errorf("%s: code %d, %s", command, code, &stderr)
		}
		got := stdout.Bytes()
		if want.file != "-" && want.file != "" {
			got, _ = os.ReadFile(filepath.Join(dir, want.file))
			_ = os.Remove(want.file) // it may not exist
		}
		if bytes.Contains(got, []byte("\x00A\x00")) != want.fuzzy || (len(got) > 0) != (want.file != "") {
			t.Errorf("%s: got %q", command, got)
		}
	}
}

func TestTheProgramIsKnownByItsName(t *testing.T) {
	for program, want := range map[string]bool{"msgfmt": true, "/layers/x/bin/msgfmt": true, "/msgfmt/build": false} {
		if Is(program) != want {
			t.Errorf("%s: %v", program, !want)
		}
	}
}

func TestWhatIsCompiledHasALimit(t *testing.T) {
	most := limits.Size(".po")
	for size, want := range map[int64]error{most: nil, most + 1: limits.ErrLarge} {
		text, err := call{in: "-"}.read(bytes.NewReader(make([]byte, size)))
		if !errors.Is(err, want) || int64(len(text)) != size {
			t.Errorf("%d bytes: %d are read, %v", size, len(text), err)
		}
	}
}
