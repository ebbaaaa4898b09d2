package diagnose

import (
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// stepWords are what steps of package build have as words, beside those of NodeWords and PythonWords.
var stepWords = []string{"add", "tool", "file", "version", "source", "spec", "manager", "package_of_manager", "relock",
	"remove",
	"rehash", "requirements"}

func TestRulesAreUnderstood(t *testing.T) {
	rules, err := parse(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range rules.problems() {
		t.Error(problem)
	}
	known := reflect.ValueOf(*rules.known)
	for _, field := range reflect.VisibleFields(known.Type()) {
		if known.FieldByIndex(field.Index).IsZero() {
			t.Errorf("rules/known.toml lacks %s", field.Name)
		}
	}
}

// Each mistake in a rule is found.
func TestMistakesInRulesAreFound(t *testing.T) {
	const good = "[[rule]]\nid = \"a/b\"\nwhen = { says = [\"x\"] }\nwhat = \"x\"\nfix = [{ say = \"y\" }]\n" +
		"seen = \"z\"\nunsampled = \"q\"\n"
	for name, c := range map[string]struct{ from, to, want string }{
		"none":                    {"", "", ""},
		"a key":                   {`what`, `whta`, "whta"}, //nolint:misspell // on purpose
		"a key of a piece":        {`"x"` + "\nfix", `[{ text = "x", iff = "y" }]` + "\nfix", "iff"},
		"a key of an action":      {"say", "said", "said"},
		"a set":                   {"when", "include = \"c\"\nwhen", "set c"},
		"a text":                  {"when", "text = \"c\"\nwhen", "text c"},
		"a text in a piece":       {`"x"` + "\nfix", `[{ use = "c" }]` + "\nfix", "text c"},
		"a list":                  {`"x"]`, `"@c"]`, "list @c"},
		"a probe":                 {`says = ["x"]`, `probe = "c"`, "probe c"},
		"a case":                  {`says = ["x"]`, `probe = "disk", case = "c"`, "case c"},
		"a placeholder":           {`"x"` + "\nfix", `"{c}"` + "\nfix", "{c}"},
		"a placeholder of a fix":  {`"y"`, `"{c}"`, "{c}"},
		"a condition":             {`"y"`, `"y", if = "c"`, "{c}"},
		"a filter":                {`"y"`, `"{what|c}"`, "filter c"},
		"two actions in one":      {`"y"`, `"y", run = "z"`, "run say"},
		"a series":                {`say = "y"`, `say = "Python 3.12"`, "3.12 is a literal"},
		"a runtime":               {`say = "y"`, `write = "y", of = "ruby"`, "no runtime ruby"},
		"a directory":             {`say = "y"`, `run = "y", in = "c"`, "directory c"},
		"a pattern":               {`says = ["x"]`, `pattern = "("`, "missing closing"},
		"no sign":                 {`says = ["x"]`, ``, "no sign"},
		"nobody has seen it":      {"seen = \"z\"\n", "", "not say where"},
		"a group that is no such": {`says = ["x"]`, `pattern = "(?P<d>x)"`, ""},
	} {
		text := strings.Replace(good, c.from, c.to, 1)
		rules, err := parse(fstest.MapFS{"rules/a.toml": {Data: []byte(text)}})
		all := rules.problems()
		if err != nil {
			all = []string{err.Error()}
		}
		if got := strings.Join(all, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if _, err := parse(fstest.MapFS{"rules/a.toml": {Data: []byte("[[rule]]\nid = 1\n")}}); err == nil {
		t.Error("a number is an id")
	}
	if _, err := parse(fstest.MapFS{"rules/a.toml": {Mode: fs.ModeDir}}); err == nil {
		t.Error("a directory is a rule set")
	}
}

// problems returns what no parser finds: names that lead nowhere.
func (t table) problems() (all []string) {
	for _, r := range t.all() {
		for _, problem := range t.check(r) {
			all = append(all, fmt.Sprintf("%s (%s): %s", r.name, r.ID, problem))
		}
	}
	return all
}

func (t table) check(r rule) (all []string) {
	if r.Include != "" {
		if _, ok := t.sets[r.Include]; !ok {
			all = append(all, "there is no set "+r.Include)
		}
		return all
	}
	if r.Seen == "" {
		all = append(all, "it does not say where it was seen")
	}
	if _, ok := t.sets[r.Wrap]; r.Wrap != "" && r.Wrap != "*" && !ok {
		all = append(all, "there is no set "+r.Wrap)
	}
	c := checker{table: t, known: slices.Concat(builtins, stepWords)}
	all = append(all, c.when(r)...)
	for name := range r.Default {
		c.known = append(c.known, name)
	}
	c.words(r.What, whatOf)
	c.words(r.Why, whyOf)
	c.fix(r.Fix)
	return append(all, c.problems...)
}

// checker looks through what a rule says.
type checker struct {
	table
	known    []string // variables
	problems []string
}

// when returns what is wrong with the signs of a rule, and notes the variables that they give.
func (c *checker) when(r rule) (all []string) {
	if r.Step == "" && r.says == nil && r.When.Pattern == nil && r.When.Message == nil && r.When.Exception == nil &&
		r.When.Probe == "" && r.Wrap == "" {
		all = append(all, "it has no sign")
	}
	for _, pattern := range []*regexp.Regexp{r.When.Pattern, r.When.Message} {
		if pattern != nil {
			c.known = append(append(c.known, pattern.SubexpNames()...), "said")
		}
	}
	if name := r.When.Probe; name != "" {
		p, ok := declared[name]
		if !ok {
			return append(all, "there is no probe "+name)
		}
		if r.When.Case != "" && !slices.Contains(p.cases, r.When.Case) {
			all = append(all, name+" has no case "+r.When.Case)
		}
		c.known = append(c.known, p.vars...)
	}
	return all
}

func (c *checker) say(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) text(text string) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		c.names(m[1])
		for name := range strings.SplitSeq(strings.TrimPrefix(m[2], "|"), "|") {
			if filters[name] == nil && m[2] != "" {
				c.say("there is no filter %s", name)
			}
		}
	}
}

func (c *checker) names(names ...string) {
	for _, name := range names {
		if name != "" && !slices.Contains(c.known, name) {
			c.say("nothing gives it {%s}", name)
		}
	}
}

// literal matches a series of Python, a version of Node.js and a builder, which a fix must not name itself.
var literal = regexp.MustCompile(`\b3\.\d+\b|NODE_VERSION=\d|heroku/builder|tandemcnb`)

// use returns a text, by name.
func (c *checker) use(name string) text {
	used, ok := c.texts[name]
	if name != "" && !ok {
		c.say("there is no text %s", name)
	}
	return used
}

func (c *checker) words(all words, of func(text) words) {
	for _, p := range all {
		c.text(p.Text)
		c.names(append(p.Each, p.If, p.Unless)...)
		if p.Use != "" {
			c.words(of(c.use(p.Use)), of)
		}
	}
}

func (c *checker) fix(all []action) {
	for _, a := range all {
		if kinds := a.kinds(); len(kinds) != 1 {
			c.say("an action is %s", strings.Join(kinds, " "))
		}
		for _, text := range a.templates() {
			c.text(text)
		}
		for _, text := range a.templates() {
			if m := literal.FindString(text); m != "" {
				c.say("%s is a literal", m)
			}
		}
		c.names(append(a.Each, a.If, a.Unless)...)
		for _, f := range a.Files {
			c.names(f.Each...)
		}
		if a.In != "" && a.In != inProject {
			c.say("there is no directory %s", a.In)
		}
		if (a.Write != "") != (a.Of == "python" || a.Of == "node") {
			c.say("there is no runtime %s", a.Of)
		}
		if a.Use != "" {
			c.fix(c.use(a.Use).Fix)
		}
	}
}

// Probes return only what they declare.
func (f finding) undeclared(name string) (all []string) {
	p := declared[name]
	if f.is != "" && !slices.Contains(p.cases, f.is) {
		all = append(all, f.is)
	}
	for v := range f.vars {
		if !slices.Contains(p.vars, v) {
			all = append(all, v)
		}
	}
	return all
}

// ownerVars are those of the text owner.
var ownerVars = []string{"owner", "group", "manifest", "outside", "pruned", "variable", "to", "production", "installed", "unknown", "bare",
	"provider", "blocked", "lock"}

// builtins are the variables that every rule may mention.
var builtins = []string{"builder", "buildpack", "node", "ending", "what", "why", "title", "command", "try", "code", "exception", "evidence", "quote", "package",
	"ran", "pins", "pinned"}

// declared has what each probe may find, and the variables that it may return.
var declared = map[string]struct{ cases, vars []string }{
	"variable": {[]string{"unset", "settings"}, []string{"names", "examples", "asked", "several", "module"}},
	"settings": {[]string{"unknown", "unnamed"}, []string{"asked", "variable", "modules", "module"}},
	"module": {[]string{"driver", "app", "pkg_resources", "missing"},
		[]string{"module", "distribution", "build", "served"}},
	"gone": {[]string{"app", "package", "app-python2", "package-python2"},
		[]string{"name", "last", "supported", "package"}},
	"renamed":        {[]string{"app", "package"}, []string{"name", "since", "package", "line"}},
	"last-python":    {[]string{"known", "unknown"}, []string{"last", "supported"}},
	"setuptools":     {[]string{"known"}, []string{"last", "supported"}},
	"python-release": {[]string{"release", "none", "unknown"}, []string{"range", "release"}},
	"node-release":   {[]string{"release", "none", "unknown"}, []string{"range", "release"}},
	"not-found":      {[]string{"named", "unnamed"}, []string{"wanted"}},
	"syntax": {[]string{"app", "app-python2", "package", "package-python2"},
		[]string{"file", "error", "place", "package"}},
	"program": {[]string{"node", "owned"}, append([]string{"program", "base"}, ownerVars...)},
	"command": {[]string{"manager", "owned", "unowned"},
		append([]string{"said", "program", "base", "manager", "other", "lock_it"}, ownerVars...)},
	"python-library": {[]string{"library"}, []string{"said", "build", "packages", "instead", "wheel", "in_builder"}},
	"node-library":   {[]string{"library"}, []string{"said", "build", "packages", "in_builder"}},
	"system-library": {[]string{"library"}, []string{"library", "packages", "wheel", "in_builder"}},
	"manifest":       {[]string{"missing"}, []string{"file", "base", "script", "scripts", "manifest", "bare"}},
	"reference":      {[]string{"missing"}, []string{"source", "missing", "map", "error", "module", "class", "project"}},
	"package-url":    {[]string{"asked"}, []string{"packages", "urls"}},
	"migration":      {[]string{"line"}, []string{"line", "file", "text", "process"}},
	"memory":         {[]string{"killed", "heap"}, nil},
	"blocked":        {[]string{"named"}, []string{"package", "blocked"}},
	"disk":           {[]string{"full"}, []string{"line", "free"}},
	"output":         {[]string{"excess"}, []string{"reason"}},
	"start":          {[]string{"missing", "permission"}, nil},
	"crash":          {[]string{"crashed", "emulated"}, []string{"signal", "cpu"}},
	"debian-package": {[]string{"name"}, []string{"first", "more", "lines", "instead", "release"}},
	"loader":         {[]string{"library", "code"}, []string{"line", "program"}},
}

// kinds returns which kinds of action a is meant to be; one, if the rule is right.
func (a action) kinds() (all []string) {
	for name, set := range map[string]bool{"say": a.Say != "", "run": a.Run != "", "set": a.Set != "",
		"edit": a.Edit != nil, "bind": a.Bind != "", "build": a.Builder+a.CPU != "", "write": a.Write != "", "use": a.Use != ""} {
		if set {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// templates returns all texts of a that may mention variables.
func (a action) templates() []string {
	all := append([]string{a.Say, a.Run, a.Set, a.To, a.Builder, a.CPU, a.Write},
		slices.Concat(a.Edit, a.Buildpacks)...)
	for _, f := range a.Files {
		all = append(all, f.Name, f.From, f.Text)
	}
	return all
}
