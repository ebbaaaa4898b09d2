package show

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Output returns a line that a command printed, with its text and its colors. Other escape sequences and control
// characters are removed, what is not text is escaped as in Clean, and no CI system takes the line for a command.
func Output(line string) string {
	if isGraphic(line) {
		return disarm(line)
	}
	out := make([]byte, 0, len(line)+16)
	for len(line) > 0 {
		// n is 0 before a character that is in no sequence.
		n, isColor := sequence(line)
		if isColor {
			out = append(out, line[:n]...)
		}
		if n == 0 {
			var r rune
			switch r, n = utf8.DecodeRuneInString(line); {
			case r == '\t':
				out = append(out, '\t')
			case !unicode.IsControl(r):
				out = appendVisible(out, line[:n], r)
			}
		}
		line = line[n:]
	}
	return disarm(string(out))
}

// Plain returns what a command printed without escape sequences, colors included.
func Plain(output string) string {
	if !strings.ContainsAny(output, "\x1b\u0090\u0098\u009b\u009d\u009e\u009f") {
		return output
	}
	out := make([]byte, 0, len(output))
	for len(output) > 0 {
		n, _ := sequence(output)
		if n == 0 {
			_, n = utf8.DecodeRuneInString(output)
			out = append(out, output[:n]...)
		}
		output = output[n:]
	}
	return string(out)
}

// The introducers of escape sequences as single characters. ESC and a letter mean the same.
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
const (
	escape7 = '\x1b'
	csi     = '\u009b'
	dcs     = '\u0090'
	sos     = '\u0098'
	osc     = '\u009d'
	pm      = '\u009e'
	apc     = '\u009f'
)

// sequence returns the length of the escape sequence with which text begins, 0 if it begins with none, and whether the
// sequence only sets colors. If a sequence has no end, the length is that of its introducer: no text may be lost.
func sequence(text string) (n int, isColor bool) {
	kind, n := utf8.DecodeRuneInString(text)
	isEscape := kind == escape7
	// ESC and a letter are the two bytes for a single character, which is 0x40 higher.
	if isEscape && len(text) > 1 && text[1] < utf8.RuneSelf {
		kind, n = rune(text[1])+0x40, 2
	}
	switch kind {
	case csi:
		end := n
		for end < len(text) && text[end] >= 0x20 && text[end] <= 0x3f {
			end++
		}
		if end == len(text) || text[end] < 0x40 || text[end] > 0x7e {
			return n, false
		}
		return end + 1, isEscape && text[end] == 'm' && strings.Trim(text[n:end], "0123456789;:") == ""
	case dcs, sos, osc, pm, apc:
		return n + stringLength(text[n:]), false
	}
	if !isEscape {
		return 0, false
	}
	end := 1
	for end < len(text) && text[end] >= 0x20 && text[end] <= 0x2f {
		end++
	}
	if end < len(text) && text[end] >= 0x30 && text[end] <= 0x7e {
		return end + 1, false
	}
	return 1, false
}

// stringLength returns the length of the text of a control string with its end, 0 if it has no end in this line.
// Another sequence begins where the string has not ended.
func stringLength(text string) int {
	end := strings.IndexAny(text, "\a\n\x1b\u0090\u0098\u009b\u009c\u009d\u009e\u009f")
	switch {
	case end < 0 || text[end] == '\n':
		return 0
	case text[end] == '\a':
		return end + 1
	case strings.HasPrefix(text[end:], "\x1b\\"), strings.HasPrefix(text[end:], "\u009c"):
		return end + 2
	}
	return 0
}
