package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// Missing returns the variables that the settings of the app in root lack, from the output of a failed command. has
// reports which ones the command had.
func Missing(output, root string, has func(name string) bool) []string {
	k := load().known
	return k.missing(k.traces(output), root, has)
}

// missing is like Missing, for the tracebacks of an output. If several lack a variable, the last one is used.
func (k *knowledge) missing(all []trace, root string, has func(name string) bool) []string {
	for _, t := range slices.Backward(all) {
		names := slices.DeleteFunc(k.lacks(t, root), has)
		if t.exception == "ValidationError" { // fields of a class, written as variables are
			for i := range names {
				names[i] = strings.ToUpper(names[i])
			}
			names = slices.DeleteFunc(names, has)
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

// lacks returns the variables that an exception is about.
func (k *knowledge) lacks(t trace, root string) (names []string) {
	for _, message := range k.Unset {
		for _, m := range message.FindAllStringSubmatch(t.message, -1) {
			names = append(names, m[1])
		}
	}
	own := t.own(root)
	if len(names) > 0 || own == nil {
		return names
	}
	// No library says what is missing: the exception and the app's code must tell.
	name := strings.Trim(t.message, `'"`)
	last := t.frames[len(t.frames)-1]
	switch {
	case t.exception == "KeyError" && last.function == "__getitem__" &&
		(last.file == "<frozen os>" || strings.HasSuffix(last.file, "/os.py")):
		return []string{name}
	case t.exception == "KeyError" && k.Subscript.MatchString(own.code) && strings.Contains(own.code, name):
		return []string{name}
	case k.Absent.MatchString(t.first()):
		if name := firstGroup(k.Lookup, own.code); name != "" {
			return []string{name}
		}
	case strings.HasSuffix(last.file, own.file) && t.exception != "KeyError" && k.SaysUnset.MatchString(t.first()):
		found := slices.DeleteFunc(k.Variable.FindAllString(t.first(), -1),
			func(word string) bool { return slices.Contains(k.NoVariables, word) })
		slices.Sort(found)
		// A message with several names may be about any of them.
		if found = slices.Compact(found); len(found) == 1 {
			return found
		}
	}
	return nil
}

// SecretKeys returns those of names that have Django's SECRET_KEY under another name, so that a placeholder may
// replace it. A key of another service is none: what reads STRIPE_SECRET_KEY may use it.
func SecretKeys(names []string, output, root string) (keys []string) {
	only := len(names) == 1 && output != "" && load().known.assignsKey(output, root)
	for _, name := range names {
		if isSecretKey(name) || only && (strings.Contains(name, "SECRET") || strings.HasSuffix(name, "KEY")) {
			keys = append(keys, name)
		}
	}
	return keys
}

// isSecretKey reports whether a name is SECRET_KEY, SECRETKEY or SECRET, perhaps after a word for the app.
func isSecretKey(name string) bool {
	words := []string{"", "DJANGO_", "APP_", "APPLICATION_", "SITE_", "WEB_", "PROJECT_", "FLASK_"}
	for _, end := range []string{"SECRET_KEY", "SECRETKEY", "SECRET"} {
		if before, ok := strings.CutSuffix(name, end); ok {
			return slices.Contains(words, before)
		}
	}
	return false
}

// assignsKey reports whether the app in root was giving SECRET_KEY its value when a command failed.
func (k *knowledge) assignsKey(output, root string) bool {
	assigns := func(f frame) bool { return strings.HasPrefix(f.file, root) && k.AssignsKey.MatchString(f.code) }
	return slices.ContainsFunc(k.traces(output), func(t trace) bool {
		return slices.ContainsFunc(t.frames, assigns) || strings.Contains(t.message, "Value 'SECRET_KEY' is required")
	})
}

// asking returns the app's line that has read one of the variables; nil if none is seen.
func asking(all []trace, root string, names ...string) *frame {
	for _, t := range slices.Backward(all) {
		if own := t.own(root, names...); own != nil {
			return own
		}
	}
	return nil
}

// Sample returns a value for a variable with which the code that reads it, according to the outputs, can go on.
func Sample(name, root string, outputs ...string) string {
	k := load().known
	return k.sampleFor(name, root, k.tracesOf(outputs))
}

// tracesOf returns the traces of each output.
func (k *knowledge) tracesOf(outputs []string) (all [][]trace) {
	for _, output := range outputs {
		all = append(all, k.traces(output))
	}
	return all
}

// sampleFor is like Sample, for the tracebacks of outputs.
func (k *knowledge) sampleFor(name, root string, outputs [][]trace) string {
	for _, output := range outputs {
		if own := asking(output, root, name); own != nil && strings.Contains(own.code, name) {
			return k.sample(name, own.code)
		}
	}
	return k.sample(name, "")
}

// evidence returns the last exception of an output, and the app's own last line on the way to it, or the last one with
// one of the words.
func evidence(all []trace, root string, words ...string) string {
	if len(all) == 0 {
		return "What it says is above."
	}
	said := all[len(all)-1].String()
	if own := asking(all, root, words...); own != nil {
		said += "\n\n" + own.String()
	}
	return said
}

// mostImports is the number of imports whose line of the app is shown.
const mostImports = 2

// probeVariable finds the variables that the settings lack: {names}, {examples} and {asked}, which shows where each
// import has stopped. Its cases are unset, and settings if it is DJANGO_SETTINGS_MODULE alone.
func probeVariable(f *failure) (string, Vars) {
	names, said := f.Missing, f.known.tracesOf(f.Said)
	if names == nil {
		names, said = f.known.missing(f.traces, f.Root, f.has), [][]trace{f.traces}
	}
	switch {
	case len(names) == 0:
		return "", nil
	case slices.Equal(names, []string{app.SettingsVariable}):
		return "settings", Vars{"module": f.module()}
	}
	var examples []string
	for _, name := range names {
		examples = append(examples, f.known.sampleFor(name, f.Root, said))
	}
	// Each import has stopped at another line, of which the first is shown with its exception.
	asked := evidence(said[0], f.Root, names...)
	for _, output := range said[1:min(len(said), mostImports)] {
		if own := asking(output, f.Root, names...); own != nil {
			asked += "\n" + own.String()
		}
	}
	if more := len(said) - mostImports; more > 0 {
		asked += fmt.Sprintf("\nand %d more", more)
	}
	vars := Vars{"names": lines(names), "examples": lines(examples), "asked": asked}
	if len(names) > 1 {
		vars["several"] = "yes"
	}
	return "unset", vars
}

// has reports whether the failed command had a variable. It returns false if the variables are not known.
func (f Facts) has(name string) bool { return f.Has != nil && f.Has(name) }
