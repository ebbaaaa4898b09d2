// Package git reads the settings of a clone, and removes credentials and programs from its files. It works on text and
// names, and runs nothing.
package git

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// MaxConfig is the size of the largest config that Reduce is meant for, in bytes.
const MaxConfig = 1 << 20

// kept are the settings that a reduced config has, by section. No other section may have a value: [http], [credential],
// [url] and [include] hold credentials, or lead to files that do. Of [core] some name programs that git runs.
// https://git-scm.com/docs/git-config#_variables
var kept = map[string][]string{
	"core": {
		"repositoryformatversion", "filemode", "bare", "ignorecase", "precomposeunicode", "symlinks",
		"logallrefupdates", "autocrlf", "eol", "longpaths", "worktree", "abbrev",
	},
	"extensions": {"objectformat", "compatobjectformat", "refstorage", "partialclone"},
	"branch":     {"remote", "merge", "rebase"},
	"remote":     {"url", "fetch", "promisor", "partialclonefilter", "tagopt"},
	"submodule":  {"active", "url"},
}

// Reduce returns the config with the settings that an image may have. URLs lose credentials and queries. cut reports
// whether there was anything else, or a line that git would not understand.
func Reduce(config string) (reduced string, cut bool) {
	entries, ok := parse(config)
	cut = !ok
	var out strings.Builder
	last := ""
	for _, e := range entries {
		value, allowed := e.allowed()
		cut = cut || !allowed || value != e.value
		if !allowed {
			continue
		}
		// The order is that of the config, so a section may be there several times, as git allows.
		if header := e.header(); header != last {
			out.WriteString(header + "\n")
			last = header
		}
		out.WriteString("\t" + e.key)
		if !e.bare {
			out.WriteString(" = " + quoted(value))
		}
		out.WriteString("\n")
	}
	return out.String(), cut
}

// entry is one setting. Section and key are in lower case, since git ignores theirs; the subsection is as it is
// written. bare is true if the key has no value, which git reads as true.
type entry struct {
	section, subsection, key, value string
	bare                            bool
}

// header returns the line above the entry. https://git-scm.com/docs/git-config#_syntax
func (e entry) header() string {
	if e.subsection == "" {
		return "[" + e.section + "]"
	}
	return "[" + e.section + ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(e.subsection) + `"]`
}

// allowed returns the value as a reduced config may have it.
func (e entry) allowed() (value string, ok bool) {
	if !slices.Contains(kept[e.section], e.key) || strings.ContainsFunc(e.subsection+e.value, unicode.IsControl) {
		return "", false
	}
	if strings.Contains(e.subsection, "://") {
		return "", false
	}
	if e.key == "url" || e.key == "remote" {
		return bareAddress(e.value)
	}
	return e.value, !strings.Contains(e.value, "://")
}

// helper matches the URL of a remote helper, a program of git: ext::COMMAND runs any command.
// https://git-scm.com/docs/gitremote-helpers
var helper = regexp.MustCompile(`^[\w.+-]+::`)

// bareAddress returns the URL of a repository without user, password, query and fragment. It is a URL, host:path, or a
// path. https://git-scm.com/docs/git-clone#_git_urls
func bareAddress(address string) (bare string, ok bool) {
	if helper.MatchString(address) {
		return "", false
	}
	if strings.Contains(address, "://") {
		u, err := url.Parse(address)
		if err != nil || u.Opaque != "" {
			return "", false
		}
		u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
		return u.String(), true
	}
	if host, path, found := strings.Cut(address, ":"); found && !strings.Contains(host, "/") {
		return host[strings.LastIndex(host, "@")+1:] + ":" + path, true
	}
	return address, true
}

// quoted returns a value as it is written in a config. https://git-scm.com/docs/git-config#_syntax
func quoted(value string) string {
	if !strings.ContainsAny(value, `"\;#`) && strings.TrimSpace(value) == value {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
