package settings

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/pysource"
)

// environment notes the variables that a statement reads and that have no default value, and those that it sets.
//
// A variable is required if the import of the settings certainly fails without it. So a call in a branch, in a function
// or after "or" is passed over, and one with a default value too.
func (s *reader) environment(ns *namespace, statement pysource.Statement, certain bool) {
	s.setByCode(ns, statement)
	// environs puts a prefix before the names that are read in such a block.
	prefixed := slices.Contains(statement.In, "with") // with env.prefixed("SHOP_")
	if !certain || prefixed {
		return
	}
	for call := range statement.EvaluatedCalls() {
		name, ok := ns.required(call)
		if again := slices.ContainsFunc(s.variables, func(v Variable) bool { return v.Name == name }); ok &&
			!again && len(s.variables) < maxVariables {
			s.variables = append(s.variables, ns.variable(name, call.Line))
		}
	}
}

// setByCode notes variables to which a statement gives a value.
func (s *reader) setByCode(ns *namespace, statement pysource.Statement) {
	sides := statement.Split("=") // the last one is the value
	for _, part := range append(sides[:len(sides)-1], statement.Tokens) {
		target := len(part) < len(statement.Tokens)
		for call := range part.Calls() {
			what := ns.meaning(call.Name)
			if !target {
				s.provideNamed(ns, call)
			}
			if target && call.Subscript && what == "os.environ" || what == "os.environ.setdefault" {
				name, _ := call.Argument(0).Literal()
				s.provided[name] = true
			}
			if what == "environ.Env" || what == "environ.FileAwareEnv" {
				s.setByScheme(call)
			}
		}
	}
}

// setByScheme notes the variables with a default value in the scheme of an Env: Env(DEBUG=(bool, False)).
// https://django-environ.readthedocs.io/en/latest/quickstart.html
func (s *reader) setByScheme(call pysource.Call) {
	for _, variable := range call.Arguments() {
		isPair := slices.ContainsFunc(variable.Value, func(t pysource.Token) bool { return t.Text == "," })
		if variable.Name != "" && isPair {
			s.provided[variable.Name] = true
		}
	}
}

// meaning returns the whole name that a local name has: "os.environ" for "environ", if the module imports it.
func (ns *namespace) meaning(name string) string {
	first, rest, dotted := strings.Cut(name, ".")
	if whole, ok := ns.imported[first]; ok {
		first = whole
	}
	if dotted {
		return first + "." + rest
	}
	return first
}

// required returns the variable that a call reads, if the call fails without the variable.
func (ns *namespace) required(call pysource.Call) (name string, ok bool) {
	what := ns.meaning(call.Name)
	name, isText := call.Argument(0, "var", "option", "name").Literal()
	switch {
	case what == "os.environ" && call.Subscript:
		return name, isText
	case call.Subscript:
		return "", false
	case what == "decouple.config" || what == "decouple.AutoConfig()":
		return name, isText && call.Argument(1, "default") == nil
	}
	for _, env := range []string{
		"environ.Env()", "environ.FileAwareEnv()", "environs.Env()", "environs.FileAwareEnv()",
	} {
		method, ok := strings.CutPrefix(what, env)
		if !ok {
			continue
		}
		if usual := usualVariable(method); usual != "" && len(call.Arguments()) == 0 {
			return usual, true
		}
		position := 1 // of the default value
		if method == "" && strings.HasPrefix(env, "environ.") {
			position = 2 // the second one is a type
		}
		return name, isText && readsVariable(method) && call.Argument(position, "default") == nil
	}
	return "", false
}

// optionalVariable returns the variable whose value is that of a name, and without which the name is None:
// os.environ.get("X"). It has no name for all other values.
func (ns *namespace) optionalVariable(value pysource.Tokens, statement pysource.Statement) Variable {
	call, rest, isCall := value.Leading()
	name, isText := call.Argument(0, "key").Literal()
	what := ns.meaning(call.Name)
	isGet := (what == "os.environ.get" || what == "os.getenv") && call.Argument(1, "default") == nil
	if !isCall || len(rest) > 0 || !isText || !isGet || !statement.Always() {
		return Variable{}
	}
	return ns.variable(name, call.Line)
}

// variable returns a variable that a line reads.
func (ns *namespace) variable(name string, line int) Variable {
	return Variable{name, ns.file, line, strings.TrimSpace(ns.lines[min(line, len(ns.lines))-1])}
}

// usualVariable returns the variable that a method of django-environ reads without arguments.
// https://django-environ.readthedocs.io/en/latest/types.html
func usualVariable(method string) string {
	switch method {
	case ".db", ".db_url":
		return "DATABASE_URL"
	case ".cache", ".cache_url":
		return "CACHE_URL"
	case ".email", ".email_url":
		return "EMAIL_URL"
	case ".search_url":
		return "SEARCH_URL"
	}
	return ""
}

// readsVariable reports whether a method of an Env reads a variable, and not a file or a prefix.
func readsVariable(method string) bool {
	switch method {
	case ".read_env", ".read_envfile", ".prefixed", ".parser_for", ".add_parser", ".seal", ".dump", ".path",
		".get_value", ".sub_value", ".items", ".unparse":
		return false
	}
	return true
}

// readsDotenv reports whether a module is one of a library that reads variables from files.
func readsDotenv(module string) bool {
	library, _, _ := strings.Cut(module, ".")
	return slices.Contains([]string{"dotenv", "environ", "environs", "decouple"}, library)
}

// provide notes the variables in the files that such libraries read, in the directories in which they usually are.
func (s *reader) provide(dirs ...string) {
	for _, dir := range dirs {
		for _, file := range []string{".env", "settings.ini"} {
			s.provideFile(path.Join(dir, file))
		}
	}
}

// provideFile notes the variables in a file of lines such as NAME=value.
func (s *reader) provideFile(file string) {
	text, _ := s.text(file)
	for _, line := range manager.Lines(text) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "export "), "="); ok {
			s.provided[strings.TrimSpace(name)] = true
		}
	}
}

// provideNamed notes the variables in the file that a call reads. If the file is not known, all variables may be in it.
func (s *reader) provideNamed(ns *namespace, call pysource.Call) {
	method := call.Name[strings.LastIndex(call.Name, ".")+1:]
	if !slices.Contains([]string{"read_env", "read_envfile", "load_dotenv"}, method) {
		return
	}
	argument := call.Argument(0, "env_file", "path", "dotenv_path")
	if file, isLiteral := argument.Literal(); isLiteral {
		s.provideFile(path.Join(s.dir, file))
	} else if file, ok := s.evalPath(ns, argument); ok {
		s.provideFile(file)
	} else if argument != nil {
		s.open = true
	}
}
