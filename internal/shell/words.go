package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Word is a word of a command.
type Word struct {
	// Text is as the command gets it, if that is known without running anything. It is empty if it depends on a command
	// or on arithmetic, and "$" replaces a variable.
	Text   string
	Static bool // the whole Text is known
	// From and To are the offsets of its source, in bytes. Both are -1 if the text does not have the source as it is.
	From, To int

	script   string // its source without the quotes around it
	scriptAt int    // the offset of script, or -1
}

// word returns a word of text. Of a word in one pair of quotes it also returns what is between them: that is a script
// of another shell if it follows "bash -c". A backslash in it is for the outer shell, so that its offsets are
// not certain.
func (p parser) word(w *syntax.Word, text string) Word {
	from, to := int(w.Pos().Offset()), int(w.End().Offset())
	word := Word{Text: known(w.Parts), Static: isStatic(w.Parts), From: -1, To: -1, scriptAt: -1}
	word.script = word.Text
	if p.offset < 0 {
		return word
	}
	word.From, word.To = from+p.offset, to+p.offset
	source := text[from:to]
	if len(w.Parts) != 1 || len(source) < 2 {
		return word
	}
	switch part := w.Parts[0].(type) {
	case *syntax.SglQuoted:
		if !part.Dollar {
			word.script, word.scriptAt = source[1:len(source)-1], word.From+1
		}
	case *syntax.DblQuoted:
		if !part.Dollar && !strings.Contains(source, `\`) {
			word.script, word.scriptAt = source[1:len(source)-1], word.From+1
		}
	}
	return word
}

// known returns what a command gets for a word. It is empty if that depends on a command or on arithmetic.
func known(parts []syntax.WordPart) (text string) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			plain, _ := unescaped(p.Value)
			text += plain
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			text += known(p.Parts)
		case *syntax.ParamExp:
			text += "$"
		default:
			return ""
		}
	}
	return text
}

// isStatic reports whether known returns the whole text of a word.
func isStatic(parts []syntax.WordPart) bool {
	return !slices.ContainsFunc(parts, func(part syntax.WordPart) bool {
		switch p := part.(type) {
		case *syntax.Lit, *syntax.SglQuoted:
			return false
		case *syntax.DblQuoted:
			return !isStatic(p.Parts)
		}
		return true
	})
}
