package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shownError is an error as a golden file has it.
type shownError struct {
	file, id, what string
	lines          []string // after the title, without empty lines and the URL of the page
}

var (
	// report begins an error of a log. ended ends one in a file with the text of the error alone.
	report = regexp.MustCompile(`(?m)^Error: (.*) \[([a-z]+/[a-z0-9-]+)\]$`)
	ended  = regexp.MustCompile(`(?m)^\(([a-z]+/[a-z0-9-]+)\)$`)
	// variable begins a setting, and page is the URL of an error's page.
	variable = regexp.MustCompile(`^\s*\[\[io\.buildpacks\.build\.env\]\]`)
	page     = regexp.MustCompile(`^\s*https://\S+\.md#[a-z0-9-]+$`)
)

// shownErrors returns all errors of the golden files.
func shownErrors(t *testing.T) (all []shownError) {
	t.Helper()
	for _, pattern := range []string{
		"build/testdata/logs/*.txt", "integration/testdata/errors/*.txt", "internal/plan/testdata/*.txt",
		"internal/diagnose/testdata/*/*.txt",
	} {
		files, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil || len(files) < 4 {
			t.Fatalf("%s has %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(append(all, reports(file, string(text))...), errorTexts(file, string(text))...)
		}
	}
	return all
}

// reports returns the errors at the end of a log: the lines below a title are indented.
func reports(file, text string) (all []shownError) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		m := report.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		e := shownError{file: file, what: m[1], id: m[2]}
		for _, below := range lines[i+1:] {
			if !strings.HasPrefix(below, "  ") {
				break
			}
			if !page.MatchString(below) {
				e.lines = append(e.lines, below)
			}
		}
		all = append(all, e)
	}
	return all
}

// errorTexts returns the errors that end with their id in parentheses. Each begins after a line that only marks it.
func errorTexts(file, text string) (all []shownError) {
	begin := 0
	for _, m := range ended.FindAllStringSubmatchIndex(text, -1) {
		part := text[begin:m[0]]
		begin = m[1]
		for _, mark := range []string{"-- want --\n", "\nerror:\n"} {
			if i := strings.LastIndex(part, mark); i >= 0 {
				part = part[i+len(mark):]
			}
		}
		if i := strings.Index(part, "secret keys: "); i >= 0 { // what a probe has found comes first
			_, part, _ = strings.Cut(part[i:], "\n")
		}
		lines := strings.FieldsFunc(part, func(r rune) bool { return r == '\n' })
		if len(lines) == 0 {
			continue
		}
		all = append(all, shownError{file, text[m[2]:m[3]], lines[0], lines[1:]})
	}
	return all
}

// The most columns of a title, and lines of an error with its title and the URL of its page. Further variables, which
// have three lines each, and the schema of a new project.toml come on top: without them a fix would be wrong.
const (
	mostColumns = 72
	mostLines   = 12
)

func TestErrorsCanBeReadAtAGlance(t *testing.T) {
	all := shownErrors(t)
	if len(all) < 250 {
		t.Errorf("only %d errors are found", len(all))
	}
	for _, e := range all {
		if n := len([]rune(e.what)); n > mostColumns {
			t.Errorf("%s: %d columns: %s", e.file, n, e.what)
		}
		if strings.HasSuffix(e.what, ".") || strings.Contains(strings.ToLower(e.what), "failed to") {
			t.Errorf("%s: a title has no full stop and does not say failed to: %s", e.file, e.what)
		}
		lines, variables := len(e.lines)+2, 0
		for _, line := range e.lines {
			switch {
			case variable.MatchString(line):
				variables++
			case strings.HasSuffix(line, "[_]  # in project.toml"):
				lines -= 2
			}
		}
		if lines -= 3 * max(0, variables-1); lines > mostLines {
			t.Errorf("%s: %d lines: %s\n%s", e.file, lines, e.what, strings.Join(e.lines, "\n"))
		}
	}
}

var (
	// passing are signs of a failure that the next build may not have; lasting are signs of one that it will have.
	passing = regexp.MustCompile(`(?i)ETIMEDOUT|ECONNRESET|EAI_AGAIN|timed out|connection reset|\b(429|50[0234])\b`)
	lasting = regexp.MustCompile(`(?i)\b(401|403|404)\b|checksum|integrity|certificate_verify|self.signed|heap`)
)

// Only what may be gone in the next build is called temporary.
func TestTemporaryErrorsAreWorthARetry(t *testing.T) {
	const again = "This may be temporary: run the build again."
	temporary := 0
	for _, e := range shownErrors(t) {
		text := strings.Join(e.lines, "\n")
		said, _, _ := strings.Cut(text, "Fix: ")
		switch {
		case !slices.ContainsFunc(e.lines, func(line string) bool { return strings.TrimSpace(line) == again }):
			if strings.HasSuffix(e.id, "/no-network") || strings.HasSuffix(e.id, "/network") ||
				e.id == "download/unreachable" {
				if passing.MatchString(said) {
					t.Errorf("%s: %s may be temporary:\n%s", e.file, e.id, text)
				}
			}
		case !passing.MatchString(said) || lasting.MatchString(said):
			t.Errorf("%s: %s is not temporary:\n%s", e.file, e.id, text)
		default:
			temporary++
		}
	}
	if temporary == 0 {
		t.Error("no golden file has a temporary error")
	}
}
