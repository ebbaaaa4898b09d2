package diagnose

import (
	"fmt"
	"strconv"
)

// Unset is a variable that settings read without a default value: at a line of a file, relative to the app's root.
type Unset struct {
	Name, File, Code string
	Line             int
}

// UnsetVariables explains that the settings lack variables, as a build does after it has tried to import them. Its
// evidence are the lines that read the variables.
func UnsetVariables(all []Unset) Explanation {
	const root = "/app"
	facts := Facts{Root: root}
	for _, v := range all {
		facts.Missing = append(facts.Missing, v.Name)
		const traceback = "%s\n  File \"%s/%s\", line %d, in <module>\n    %s\nKeyError: '%s'\n"
		facts.Said = append(facts.Said, fmt.Sprintf(traceback, tracebackBegins, root, v.File, v.Line, v.Code, v.Name))
	}
	x := Explain(Step{Sets: []string{"django"}}, Exit{Code: 1}, facts)
	var read []string
	for _, v := range all {
		read = append(read, frame{file: v.File, line: strconv.Itoa(v.Line), code: v.Code}.String())
	}
	x.Why = lines(read)
	return x
}

// NoStaticRoot explains that the settings lack STATIC_ROOT, as a build does after collectstatic. The evidence is the
// line that adds the app for static files.
func NoStaticRoot(file, code string, line int) Explanation {
	said := fmt.Sprintf("%s\n  File \"%s\", line %d, in <module>\ndjango.core.exceptions.ImproperlyConfigured: You're "+
		"using the staticfiles app without having set the STATIC_ROOT setting to a filesystem path.\n",
		tracebackBegins, file, line)
	x := Explain(Step{Sets: []string{"django"}}, Exit{Code: 1, Tail: said}, Facts{})
	x.Why = frame{file: file, line: strconv.Itoa(line), code: code}.String()
	return x
}
