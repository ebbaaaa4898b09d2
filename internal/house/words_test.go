package house

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wordRule is a line of words.txt: words that texts must not have. A word may end in "*" for any end.
type wordRule struct {
	pattern []string
	instead string
	scope   string     // "docs", "all" for comments and messages too, or "names"
	allowed [][]string // longer phrases in which the words may be
}

func readWords(t *testing.T) (all []wordRule) {
	t.Helper()
	text, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, " | ")
		if len(columns) < 3 {
			t.Fatalf("words.txt has a line of %d columns: %s", len(columns), line)
		}
		r := wordRule{pattern: strings.Fields(strings.ToLower(columns[0])), instead: columns[1], scope: columns[2]}
		for _, phrase := range columns[3:] {
			r.allowed = append(r.allowed, strings.Fields(strings.ToLower(phrase)))
		}
		all = append(all, r)
	}
	return all
}

// hits returns how often a sentence has the words of the rule.
func (r wordRule) hits(words []string) (n int) {
	for i := range words {
		if !matchAt(words, i, r.pattern) {
			continue
		}
		isAllowed := func(phrase []string) bool {
			for j := max(0, i-len(phrase)+1); j <= i; j++ {
				if matchAt(words, j, phrase) {
					return true
				}
			}
			return false
		}
		if !slices.ContainsFunc(r.allowed, isAllowed) {
			n++
		}
	}
	return n
}

// matchAt reports whether words has the pattern at index i.
func matchAt(words []string, i int, pattern []string) bool {
	if i+len(pattern) > len(words) {
		return false
	}
	for j, want := range pattern {
		got := strings.ToLower(strings.Trim(words[i+j], `.,;:!?()"'*_`))
		if prefix, any := strings.CutSuffix(want, "*"); got != want && !(any && strings.HasPrefix(got, prefix)) {
			return false
		}
	}
	return true
}

// scoped returns the rules of some scopes.
func scoped(rules []wordRule, scopes ...string) (all []wordRule) {
	for _, r := range rules {
		if slices.Contains(scopes, r.scope) {
			all = append(all, r)
		}
	}
	return all
}

// forbidden returns the hits of rules in sentences.
func forbidden(rules []wordRule, name string, all []sentence) (found []string) {
	for _, s := range all {
		words := s.words()
		for _, r := range rules {
			for range r.hits(words) {
				found = append(found, fmt.Sprintf("%s:%d: %q, write %q: %.80s", name, s.line,
					strings.Join(r.pattern, " "), r.instead, s.text))
			}
		}
	}
	return found
}

// The number of words that a sentence of a document, and of a comment, may have.
const (
	longest        = 25
	longestComment = 30
)

// tooLong returns the sentences with more words than most.
func tooLong(name string, all []sentence, most int) (found []string) {
	for _, s := range all {
		if n := len(s.words()); n > most {
			found = append(found, fmt.Sprintf("%s:%d: %d words: %.80s…", name, s.line, n, s.text))
		}
	}
	return found
}

// Documents use the field's words, in short sentences. The texts about the code are on their way there.
func TestWordsOfDocuments(t *testing.T) {
	rules := scoped(readWords(t), "docs", "all")
	var ofCode, longOfCode []string
	for _, name := range documents(t) {
		all := sentences(readDocument(t, name))
		if filepath.Dir(name) == "docs/errors" { // ids never change
			all = slices.DeleteFunc(all, func(s sentence) bool { return strings.HasPrefix(s.text, "## ") })
		}
		words, long := forbidden(rules, name, all), tooLong(name, all, longest)
		aboutCode := []string{"ARCHITECTURE.md", "CONTRIBUTING.md"}
		if slices.Contains(aboutCode, name) || strings.HasPrefix(name, "internal/") {
			ofCode, longOfCode = append(ofCode, words...), append(longOfCode, long...)
			continue
		}
		for _, problem := range append(words, long...) {
			t.Error(problem)
		}
	}
	atMost(t, "forbidden words of documents about the code", len(ofCode), ofCode...)
	atMost(t, "sentences over 25 words of documents about the code", len(longOfCode), longOfCode...)
}

// Comments, texts and names of the product are on their way there too. Words and sentences are counted in tens, so
// that not every change meets the limit. go test -v lists all.
func TestWordsOfCode(t *testing.T) {
	rules := scoped(readWords(t), "all")
	var comments, long, texts, names []string
	for _, s := range product(t) {
		for _, group := range s.ast.Comments {
			all := sentences(group.Text())
			for i := range all {
				all[i].line += s.files.Position(group.Pos()).Line - 1
			}
			comments = append(comments, forbidden(rules, s.name, all)...)
			long = append(long, tooLong(s.name, all, longestComment)...)
		}
		for _, l := range literals(s) {
			texts = append(texts, forbidden(rules, s.name, split(l.text, s.files.Position(l.node.Pos()).Line))...)
		}
		names = append(names, forbidden(scoped(readWords(t), "names"), s.name, declared(s))...)
	}
	for _, found := range slices.Concat(comments, long, texts) {
		t.Log(found)
	}
	atMost(t, "forbidden words of comments, in tens", (len(comments)+9)/10)
	atMost(t, "forbidden words of texts in the code, in tens", (len(texts)+9)/10)
	atMost(t, "sentences over 30 words of comments, in tens", (len(long)+9)/10)
	atMost(t, "forbidden names", len(names), names...)
}

// declared returns the names of functions, methods, types, fields, and values of a package, a sentence each.
func declared(s source) (all []sentence) {
	add := func(names ...*ast.Ident) {
		for _, name := range names {
			all = append(all, sentence{s.files.Position(name.Pos()).Line, name.Name})
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			add(n.Name)
			return false
		case *ast.TypeSpec:
			add(n.Name)
		case *ast.ValueSpec:
			add(n.Names...)
		case *ast.StructType:
			for _, field := range n.Fields.List {
				add(field.Names...)
			}
		}
		return true
	})
	return all
}

func TestEachWordRuleMatches(t *testing.T) {
	rules := readWords(t)
	if len(rules) < 40 {
		t.Errorf("words.txt has only %d rules", len(rules))
	}
	for _, r := range rules {
		text := "Now " + strings.ReplaceAll(strings.Join(r.pattern, " "), "*", "") + ", said one."
		if r.hits(sentence{text: text}.words()) != 1 {
			t.Errorf("the rule %q does not match %q", r.pattern, text)
		}
		for _, phrase := range r.allowed {
			if r.hits(phrase) > 0 {
				t.Errorf("the rule %q matches %q", r.pattern, phrase)
			}
		}
		if found := forbidden(rules, "", []sentence{{text: r.instead}}); len(found) > 0 {
			t.Errorf("words.txt says to write what it forbids: %q", found)
		}
	}
	long, short := sentence{text: strings.Repeat("word ", longest+1)}, sentence{text: "A short one."}
	if found := tooLong("", []sentence{long, short}, longest); len(found) != 1 {
		t.Error("long sentences are not told from short ones")
	}
}
