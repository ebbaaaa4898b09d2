package show

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// Clean returns a text of Tandem with visible escapes for characters that are not text. These are control characters
// other than "\n", marks that reverse text or are invisible, other line breaks, and invalid UTF-8. No line of the
// result is a command of a CI system. No URL has credentials or a query, since a URL from an app's files may have
// tokens.
func Clean(text string) string {
	text = secret.Public(text)
	if !strings.Contains(text, "\n") {
		return disarm(escape(text))
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = disarm(escape(line))
	}
	return strings.Join(lines, "\n")
}

// escape returns a line with visible escapes. All format characters (category Cf) are escaped: .NET, in which the
// runners of GitHub and Azure are written, ignores them when it compares text.
// https://learn.microsoft.com/dotnet/core/extensions/globalization-icu
func escape(line string) string {
	if isGraphic(line) {
		return line
	}
	out := make([]byte, 0, len(line)+16)
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		out = appendVisible(out, line[:size], r)
		line = line[size:]
	}
	return string(out)
}

// isGraphic reports whether escape would return the line as it is, so that most lines are not copied. utf8.RuneError is
// also what invalid UTF-8 is decoded to.
func isGraphic(line string) bool {
	for i, r := range line {
		if !unicode.IsGraphic(r) || r == utf8.RuneError && !strings.HasPrefix(line[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// appendVisible appends a character, or its escape as Go writes it. encoded are its bytes.
func appendVisible(out []byte, encoded string, r rune) []byte {
	if unicode.IsGraphic(r) && (r != utf8.RuneError || len(encoded) > 1) {
		return append(out, encoded...)
	}
	quoted := strconv.Quote(encoded)
	return append(out, quoted[1:len(quoted)-1]...)
}

// command matches what the runners of GitHub and Azure look for anywhere in a line, and TeamCity's of the same kind.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
// https://github.com/microsoft/azure-pipelines-agent/blob/master/src/Microsoft.VisualStudio.Services.Agent/Command.cs
var command = regexp.MustCompile(`##([A-Za-z]*\[)`)

// disarm returns a line that no CI system takes for a command. At the beginning of a line "::" is one, after any space.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
func disarm(line string) string {
	if !strings.Contains(line, "##") && !strings.Contains(line, "::") {
		return line
	}
	line = command.ReplaceAllString(line, `#\#$1`)
	begin := 0
	for begin < len(line) {
		n, isColor := sequence(line[begin:])
		if r, size := utf8.DecodeRuneInString(line[begin:]); unicode.IsSpace(r) {
			n, isColor = size, true
		}
		if !isColor {
			break
		}
		begin += n
	}
	if rest := line[begin:]; strings.HasPrefix(rest, "::") || strings.HasPrefix(rest, "##") {
		return line[:begin] + `\` + rest
	}
	return line
}
