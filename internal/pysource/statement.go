package pysource

import (
	"slices"
	"strings"
)

// Assignment is a value that a statement binds to names.
type Assignment struct {
	Names []string // the targets that are plain names, from left to right
	Adds  bool     // the operator is +=
	Value Tokens
}

// Assignment returns the assignment of a statement, also an annotated one. It is the zero Assignment for other
// statements and for other operators than = and +=.
func (s Statement) Assignment() (a Assignment) {
	var targets []Tokens
	begin := 0
	for i := range s.outside() {
		if s.Tokens[i].is("+=") {
			return Assignment{plainName(s.Tokens[:i]), true, s.Tokens[i+1:]}
		}
		if s.Tokens[i].is("lambda") { // its parameters have defaults
			break
		}
		if s.Tokens[i].is("=") {
			targets, begin = append(targets, s.Tokens[begin:i]), i+1
		}
	}
	if len(targets) == 0 {
		return Assignment{}
	}
	for _, target := range targets {
		a.Names = append(a.Names, plainName(target)...)
	}
	a.Value = s.Tokens[begin:]
	return a
}

// plainName returns the name that is the target of an assignment, without its annotation. It is nil for other targets.
func plainName(target Tokens) []string {
	target = target.Split(":")[0]
	if len(target) == 1 && target[0].Kind == Name {
		return []string{target[0].Text}
	}
	return nil
}

// Function is the definition of a function.
type Function struct {
	Name     string
	Async    bool
	Required []string // parameters without a default value
}

// Function returns the function that a statement begins to define. Its name is empty for other statements.
func (s Statement) Function() (f Function) {
	t := s.Tokens
	if f.Async = t[0].is("async"); f.Async {
		t = t[1:]
	}
	if len(t) < 3 || !t[0].is("def") {
		return Function{}
	}
	f.Name = t[1].Text
	_, parameters, _ := t.cut("(")
	for _, p := range parameters[:parameters.closing()].Split(",") {
		if len(p) > 0 && p[0].Kind == Name && len(p.Split("=")) == 1 {
			f.Required = append(f.Required, p[0].Text)
		}
	}
	return f
}

// cut returns what is before and after the first token with a text.
func (t Tokens) cut(text string) (before, after Tokens, found bool) {
	for i, token := range t {
		if token.is(text) {
			return t[:i], t[i+1:], true
		}
	}
	return t, nil, false
}

// Import is a name that a statement imports.
type Import struct {
	Module string // "shop.settings.base", or with leading dots relative to the package of the file
	Name   string // what is imported from the module: "*" for all names, empty for the module itself
	As     string // the name that it has in the file
}

// Imports returns what a statement imports.
func (s Statement) Imports() (all []Import) {
	from := s.Tokens[0].is("from")
	before, names, found := s.cut("import")
	if !found || !from && len(before) > 0 {
		return nil
	}
	var module string
	if from {
		module = before[1:].join()
	}
	for _, part := range names.unwrapped().Split(",") {
		name, as, renamed := part.cut("as")
		one := Import{Module: module, Name: name.join(), As: as.join()}
		if !from {
			one.Module, one.Name = one.Name, ""
		}
		if !renamed && len(name) > 0 {
			one.As = name[0].Text
		}
		if len(name) > 0 {
			all = append(all, one)
		}
	}
	return all
}

// join returns the text of tokens without spaces.
func (t Tokens) join() string {
	var text strings.Builder
	for _, token := range t {
		text.WriteString(token.Text)
	}
	return text.String()
}

// Mentions reports whether one of the names is in the statement, outside of strings.
func (s Statement) Mentions(names ...string) bool {
	return slices.ContainsFunc(s.Tokens, func(t Token) bool { return t.Kind == Name && slices.Contains(names, t.Text) })
}
