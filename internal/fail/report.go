package fail

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Reporter writes errors for the end of a build's log.
type Reporter struct {
	// Docs is the URL of a directory with a page for each group of ids; empty if messages have no URL.
	Docs string
	// Platform decides how a Fix shows settings.
	Platform Platform
}

// Report returns err as the end of a log shows it. The first line has what is wrong and the id. The evidence, the fix
// and the URL of the page follow, indented. Several errors follow each other.
func (r Reporter) Report(err error) string {
	var texts []string
	shown, more := Few(err)
	for _, each := range shown {
		texts = append(texts, r.one(each))
	}
	if more > 0 {
		texts = append(texts, fmt.Sprintf("Error: %d more problems, which look like these", more))
	}
	return strings.Join(texts, "\n")
}

// one returns the text of one error: title, evidence, fix, and the URL of its page. Escapes of a terminal are shown as
// text.
func (r Reporter) one(err error) string {
	user, ok := err.(*Error) //nolint:errorlint // what wraps a user's error has a text of its own
	if !ok {
		title, rest, _ := strings.Cut(err.Error(), "\n")
		return show.Clean("Error: " + title + below(rest))
	}
	text := "Error: " + user.What + " [" + user.ID + "]" + below(user.Why)
	if fix := strings.TrimSpace(Render(user.Fix, r.Platform)); fix != "" {
		text += below("Fix: " + fix)
	}
	text += below(user.retry())
	if r.Docs != "" {
		text += below(r.URL(user.ID))
	}
	return show.Clean(text)
}

// Pages returns the URL of the directory with the pages about errors in a release of the project.
func Pages(homepage, version string) string { return homepage + "/blob/v" + version + "/docs/errors" }

// URL returns the URL of an id's heading: the group is the page, the rest is the anchor.
func (r Reporter) URL(id string) string {
	group, name, _ := strings.Cut(id, "/")
	return r.Docs + "/" + group + ".md#" + name
}

// below returns the lines of text for below a title: indented, and without empty lines.
func below(text string) string {
	var all strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			all.WriteString("\n  " + line)
		}
	}
	return all.String()
}
