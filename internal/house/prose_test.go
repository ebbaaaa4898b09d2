package house

import (
	"slices"
	"strings"
	"testing"
)

// withoutCode returns a document without blocks of code, in which each code span is one word.
func withoutCode(text string) string { return withoutSpans(withoutBlocks(text)) }

// withoutBlocks returns a document in which blocks of code and what make bench prints are empty lines.
func withoutBlocks(text string) string {
	if before, rest, measured := strings.Cut(text, "<!-- make bench prints from here -->"); measured {
		_, after, _ := strings.Cut(rest, "<!-- to here -->")
		text = before + after
	}
	var b strings.Builder
	fenced, code, blank := false, false, true
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```")
		indented := strings.HasPrefix(line, "    ") && (blank || code) && !isItem(trimmed)
		code = indented || code && trimmed == ""
		blank = trimmed == ""
		switch {
		case fence:
			fenced = !fenced
			b.WriteString("\n")
		case fenced || indented || strings.HasPrefix(trimmed, "<!--"):
			b.WriteString("\n")
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// withoutSpans replaces each code span by a word. A span may go over a line's end.
func withoutSpans(text string) string {
	parts := strings.Split(text, "`")
	for i := 1; i < len(parts)-1; i += 2 {
		parts[i] = "CODE" + strings.Repeat("\n", strings.Count(parts[i], "\n"))
	}
	return strings.Join(parts, "")
}

// isItem reports whether a line begins an item of a list.
func isItem(line string) bool {
	number, _, ordered := strings.Cut(line, ". ")
	return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") || ordered && isNumber(number)
}

// sentence is a sentence of a document or a comment, and the number of its line.
type sentence struct {
	line int
	text string
}

// words returns the words of a sentence. A list of code spans is one.
func (s sentence) words() (all []string) {
	for _, word := range strings.Fields(s.text) {
		list := len(all) > 0 && all[len(all)-1] == "CODE," && strings.HasPrefix(word, "CODE")
		if list {
			all[len(all)-1] = word
		} else if strings.ContainsFunc(word, isWord) {
			all = append(all, word)
		}
	}
	return all
}

func isWord(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }

// sentences returns the sentences of a document. An item of a list, a heading and a cell of a table end one.
func sentences(text string) (all []sentence) {
	var block []string
	begin, number := 0, 0
	flush := func() {
		all = append(all, split(strings.Join(block, " "), begin)...)
		block = nil
	}
	for line := range strings.Lines(mark.ReplaceAllString(withoutCode(text), "$1")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || isItem(line) || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "|") {
			flush()
		}
		if line == "" {
			continue
		}
		if len(block) == 0 {
			begin = number
		}
		if !strings.HasPrefix(line, "|") {
			block = append(block, line)
			continue
		}
		for cell := range strings.SplitSeq(line, "|") {
			all = append(all, split(cell, number)...)
		}
	}
	flush()
	return all
}

// split divides a text at the ends of its sentences.
func split(text string, line int) (all []sentence) {
	var words []string
	for _, word := range strings.Fields(text) {
		words = append(words, word)
		end := strings.TrimRight(word, `)"*_`)
		if strings.HasSuffix(end, ".") && end != "e.g." || strings.HasSuffix(end, "!") || strings.HasSuffix(end, "?") {
			all, words = append(all, sentence{line, strings.Join(words, " ")}), nil
		}
	}
	if len(words) > 0 {
		all = append(all, sentence{line, strings.Join(words, " ")})
	}
	return all
}

func TestSentencesAreFound(t *testing.T) {
	text := "# Title\n\nOne `x y` two. Three\nfour!\n\n    code here\n\n- item [a b](c.md)\n  more\n- next\n\n" +
		"| a b | c. d |\n" +
		"|---|---|\n\n```\nfenced\n```\n<!-- comment -->\n"
	var got []string
	for _, s := range sentences(text) {
		got = append(got, strings.Join(s.words(), " "))
	}
	got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
	want := []string{"Title", "One CODE two.", "Three four!", "item a b more", "next", "a b", "c.", "d"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
