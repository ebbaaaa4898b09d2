package diagnose

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// frame is a place in a Python program, as a traceback shows it. The line is a number, and the code that line of the
// file; it is empty where Python has no source.
type frame struct{ file, line, function, code string }

// trace is an exception and the way to it.
type trace struct {
	frames    []frame // the innermost last
	exception string  // "KeyError", without its module; empty: the output has none
	message   string  // all lines after it
}

// tracebackBegins is how a traceback begins, perhaps after a prefix of what prints it.
const tracebackBegins = "Traceback (most recent call last):"

// traces returns the tracebacks of an output, in its order: that of a cause comes before that of what it caused. The
// output of a Python that has another form, or none, has none.
func (k *knowledge) traces(output string) (all []trace) {
	var t *trace // the last one that has begun
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasSuffix(line, tracebackBegins):
			all = append(all, trace{})
			t = &all[len(all)-1]
		case t == nil:
		case t.exception == "":
			k.enter(t, line)
		default:
			// Nothing marks the end of a message, so it goes on up to the next traceback.
			t.message += "\n" + line
		}
	}
	if m := k.CommandError.FindStringSubmatch(output); len(all) == 0 && m != nil {
		_, rest, _ := strings.Cut(output, m[0])
		all = append(all, trace{exception: m[1], message: m[2] + rest})
	}
	for i := range all {
		all[i].message = strings.TrimSpace(k.withoutLinks(all[i].message))
	}
	return all
}

// enter reads a line of the way to the exception, or the exception itself.
func (k *knowledge) enter(t *trace, line string) {
	if m := k.Frame.FindStringSubmatch(line); m != nil {
		t.frames = append(t.frames, frame{file: m[1], line: m[2], function: m[3]})
		return
	}
	last := len(t.frames) - 1
	switch m := k.Raised.FindStringSubmatch(line); {
	case m != nil && last >= 0:
		t.exception, t.message = m[1], m[2]
	case last >= 0 && t.frames[last].code == "":
		t.frames[last].code = strings.TrimSpace(line)
	}
}

// withoutLinks removes the sentences that join two tracebacks.
func (k *knowledge) withoutLinks(message string) string {
	for _, link := range k.Links {
		message, _, _ = strings.Cut(message, link)
	}
	return message
}

// own returns the last frame of the app itself, if possible one whose code has one of the words; root is the app's
// directory. It returns nil if there is none but manage.py.
func (t trace) own(root string, words ...string) (last *frame) {
	for _, f := range slices.Backward(t.frames) {
		path, ours := strings.CutPrefix(f.file, strings.TrimSuffix(root, "/")+"/")
		if !ours || path == "manage.py" || strings.HasSuffix(path, "/manage.py") {
			continue
		}
		f.file = path
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(f.code, word) }) {
			return &f
		}
		if last == nil {
			last = &f
		}
	}
	return last
}

// ends reports whether the exception was raised in a file whose path ends with path.
func (t trace) ends(path string) bool {
	last := len(t.frames) - 1
	return last >= 0 && strings.HasSuffix(t.frames[last].file, path)
}

// through reports whether a frame is in a place: a part of a file's path or, of a function, FILE:FUNCTION.
func (t trace) through(place string) bool {
	file, function, named := strings.Cut(place, ":")
	return slices.ContainsFunc(t.frames, func(f frame) bool {
		return strings.Contains(f.file, file) && (!named || f.function == function)
	})
}

// first returns the first line of the message.
func (t trace) first() string {
	line, _, _ := strings.Cut(t.message, "\n")
	return line
}

// String returns the exception as Python prints it, without further lines.
func (t trace) String() string {
	if t.message == "" {
		return t.exception
	}
	return t.exception + ": " + show.Printed(t.first())
}

// String returns the place as a user finds it, with its code.
func (f frame) String() string {
	if f.code == "" {
		return show.Name(f.file) + ", line " + f.line
	}
	return show.Name(f.file) + ", line " + f.line + ":\n    " + show.Printed(f.code)
}
