package app

import (
	"regexp"
	"slices"
	"strings"
)

// What old hooks do that means something else in a build of an image.
const (
	Migrates     = "migrates"     // changes a database, by Django
	Upgrades     = "upgrades"     // the same, by Alembic
	CallsApt     = "apt"          // installs Debian packages
	HerokuFolder = ".heroku/"     // where classic has its runtimes
	AppFolder    = "/app/"        // where classic has the app
	PipesToShell = "curl | shell" // runs what it downloads
	ProfileD     = ".profile.d/"  // where classic has scripts that all processes source
)

// Find is the first line of a script that does one of these.
type Find struct {
	Kind string // one of the above
	File string // of the hook, or a script that it names
	Line int    // counted from 1
	Text string // the line without surrounding space, as valid UTF-8

	Fatal bool // the script ends if the line fails
}

// suspicious are patterns for single lines, in the order of the constants. See matches for a kind without one.
var suspicious = []struct {
	kind    string
	pattern *regexp.Regexp
}{
	{Migrates, regexp.MustCompile(`(manage\.py|django-admin)\s+([^\s;&|]+\s+)*?migrate\b`)},
	{Upgrades, regexp.MustCompile(`\balembic\s+([^\s;&|]+\s+)*?upgrade\b|\bflask\s+([^\s;&|]+\s+)*?db\s+upgrade\b`)},
	{CallsApt, regexp.MustCompile(`\b(apt|apt-get|aptitude)\s+(-\S+\s+)*(install|update|upgrade|download)\b`)},
	{HerokuFolder, nil},
	{AppFolder, nil},
	{ProfileD, nil},
	{PipesToShell, regexp.MustCompile(`\b(curl|wget)\b[^|]*\|\s*(sudo\s+)?(/bin/)?(ba|da|z)?sh\b`)},
}

// finds looks at each line that is not a comment. A path in .heroku/ is not also one in /app/.
func finds(file, script string) (found []Find) {
	seen := map[string]bool{}
	number, fatal := 0, false
	for line := range strings.Lines(script) {
		number++
		line = strings.TrimSpace(line)
		if on, set := errexit(line, number == 1); set {
			fatal = on
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, s := range suspicious {
			inHeroku := s.kind == AppFolder && strings.Contains(line, HerokuFolder)
			if inHeroku || seen[s.kind] || !matches(s.pattern, s.kind, line) {
				continue
			}
			seen[s.kind] = true
			text := strings.ToValidUTF8(line, "\uFFFD")
			found = append(found, Find{s.kind, file, number, text, fatal && !strings.Contains(line, "||")})
		}
	}
	return found
}

// errexit reports whether a line decides if a failing command ends the script, and what it decides. Such lines have
// "set -e", "set +e", "set -o errexit", or an option of the interpreter in the first line.
// https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html
func errexit(line string, first bool) (on, set bool) {
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != "set" && (!first || !strings.HasPrefix(line, shebang)) {
		return false, false
	}
	for i, word := range words[1:] {
		letters := strings.TrimLeft(word, "-+")
		isShort := len(letters) == len(word)-1 && strings.Contains(letters, "e")
		if isShort || letters == "errexit" && strings.HasSuffix(words[i], "o") {
			return word[0] != '+' && words[i][0] != '+', true
		}
	}
	return false, false
}

// matches reports whether a line does what the kind says. Without a pattern it does if it contains the kind.
func matches(pattern *regexp.Regexp, kind, line string) bool {
	switch {
	case kind == AppFolder:
		return namesAppFolder(line)
	case pattern == nil:
		return strings.Contains(line, kind)
	}
	return pattern.MatchString(line)
}

// callsManage matches a call of the manage.py in the working directory. Its groups are what stays: the character
// before, and the interpreter.
var callsManage = regexp.MustCompile(`(^|[\s;&|])(python3?\s+)(?:\./)?manage\.py\b`)

// WithManage returns a command that calls the manage.py of its working directory, with another path. ok is false if it
// does not, or if it changes the directory.
func WithManage(command, path string) (changed string, ok bool) {
	if slices.Contains(strings.Fields(command), "cd") || !callsManage.MatchString(command) {
		return command, false
	}
	return callsManage.ReplaceAllString(command, "${1}${2}"+strings.ReplaceAll(path, "$", "$$")), true
}
