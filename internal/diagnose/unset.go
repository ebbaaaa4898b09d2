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
