package diagnose

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Vars are what a rule has found, by the names that texts mention. The lines of a list are its entries.
type Vars map[string]string

// failure is a command that has failed, while it is explained.
type failure struct {
	table
	Step
	Exit
	Facts
	base   Explanation // what is said of the step if nothing explains it
	folded string      // the output with white space folded
	traces []trace     // of the output
	found  map[string]finding
}

// finding is the result of a probe.
type finding struct {
	is   string // the case; empty: nothing
	vars Vars
}

// newCase returns a failure with its output parsed once, for all rules and probes.
func newCase(t table, step Step, exit Exit, facts Facts) *failure {
	f := &failure{table: t, Step: step, Exit: exit, Facts: facts, folded: fold(exit.Tail),
		traces: t.known.traces(exit.Tail), found: map[string]finding{}}
	if r, ok := t.steps[step.Kind]; ok {
		f.base = f.explain(r, nil, Explanation{})
	}
	return f
}

// exceptions returns the traces, or an empty one: an output without an exception may still be known by its words.
func (f *failure) exceptions() []trace {
	if len(f.traces) == 0 {
		return []trace{{}}
	}
	return f.traces
}

// first returns what the first rule that fits says.
func (f *failure) first() (Explanation, bool) {
	for _, set := range f.Sets {
		for _, r := range f.set(set) {
			if r.Wrap != "" {
				continue
			}
			if vars, ok := f.fits(r); ok {
				return f.explain(r, vars, f.base), true
			}
		}
	}
	return Explanation{}, false
}

// wrapped returns what the first rule of a set says that wraps the explanation x.
func (f *failure) wrapped(set string, x Explanation) (Explanation, bool) {
	for _, r := range f.set(set) {
		if r.Wrap == "" || r.Wrap != "*" && !slices.Contains(x.sets, r.Wrap) {
			continue
		}
		if vars, ok := f.fits(r); ok {
			wrapped := f.explain(r, vars, x)
			wrapped.Final = x.Final
			return wrapped, true
		}
	}
	return x, false
}

// fits reports whether all signs of a rule are there, and what they say.
func (f *failure) fits(r rule) (Vars, bool) {
	vars := Vars{}
	isSaid := func(sign string) bool { return strings.Contains(f.folded, sign) }
	if r.says != nil && !slices.ContainsFunc(r.says, isSaid) {
		return nil, false
	}
	if r.When.Pattern != nil && !groups(r.When.Pattern, f.folded, vars) {
		return nil, false
	}
	if !f.raised(r, vars) {
		return nil, false
	}
	if r.When.Probe == "" {
		return vars, true
	}
	found := f.probe(r.When.Probe)
	maps.Copy(vars, found.vars)
	// A probe that has found another case does not fit: the rule of that case is elsewhere in the set.
	return vars, found.is != "" && (r.When.Case == "" || r.When.Case == found.is)
}

// probe returns what a probe has found. Several rules may ask it.
func (f *failure) probe(name string) finding {
	found, asked := f.found[name]
	if !asked {
		found.is, found.vars = probes[name](f)
		f.found[name] = found
	}
	return found
}

// raised reports whether an exception of the output is the one that a rule describes, or the rule describes none.
func (f *failure) raised(r rule, vars Vars) bool {
	// The last exception ended the command. Those before it may be its causes.
	for _, t := range slices.Backward(f.exceptions()) {
		known := r.When.Exception == nil || slices.Contains(r.When.Exception, t.exception)
		through := !slices.ContainsFunc(r.When.Frames, func(place string) bool { return !t.through(place) })
		if known && through && (r.When.Message == nil || groups(r.When.Message, t.message, vars)) {
			if path, ok := vars["path"]; ok {
				vars["path"] = f.inApp(path)
			}
			return true
		}
	}
	return false
}

// inApp returns a path of the app as its users know it.
func (f Facts) inApp(path string) string { return strings.TrimPrefix(path, f.Root+"/") }

// groups notes the named groups of a match, and all that matched as said.
func groups(pattern *regexp.Regexp, text string, vars Vars) bool {
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	vars["said"] = m[0]
	for i, name := range pattern.SubexpNames() {
		if name != "" && m[i] != "" {
			vars[name] = m[i]
		}
	}
	return true
}
