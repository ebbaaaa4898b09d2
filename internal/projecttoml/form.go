package projecttoml

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// form says where a schema of project.toml has its parts.
type form struct {
	version          string
	root, group, env []string
	old              []string // where variables were in an earlier draft
}

// The schemas that pack reads. Without a version a file has the first.
// https://buildpacks.io/docs/reference/config/project-descriptor/
var (
	first = form{"0.1", []string{"build"}, []string{"build", "buildpacks"}, []string{"build", "env"}, nil}
	later = form{"0.2", []string{"io", "buildpacks"}, []string{"io", "buildpacks", "group"},
		[]string{"io", "buildpacks", "build", "env"}, []string{"io", "buildpacks", "env", "build"}}
)

// formOf returns the form of a file. One without a version and without a part of the first schema gets the later.
func formOf(had map[string]any) form {
	version, _ := value(had, []string{"_", "schema-version"}).(string)
	_, project := had["project"]
	_, build := had["build"]
	if version == first.version || version == "" && (project || build) {
		return first
	}
	return later
}

// builder returns the path of the builder's name.
func (f form) builder() []string { return append(slices.Clone(f.root), "builder") }

// exclude returns the path of the patterns.
func (f form) exclude() []string { return append(slices.Clone(f.root), "exclude") }

// variables returns the variables of the build, as pack reads them: the last of several values wins.
func (f form) variables(had map[string]any) map[string]any {
	vars := map[string]any{}
	for _, entry := range slices.Concat(tables(value(had, f.old)), tables(value(had, f.env))) {
		if name, ok := entry["name"].(string); ok {
			vars[name] = entry["value"]
		}
	}
	return vars
}

// declare returns the edit that writes the version of the schema, if the file needs one and has none.
func (d document) declare(had map[string]any, f form) []edit {
	if f.version == first.version || value(had, []string{"_", "schema-version"}) != nil {
		return nil
	}
	line := "schema-version = " + quoted(f.version)
	if t, ok := d.last([]string{"_"}); ok {
		return []edit{linesAt(t.body, line)}
	}
	return []edit{linesAt(d.tables[0].end, "[_]", line, "")}
}

// file returns all lines that are wanted, for a user who writes them.
func (f form) file(want Want) []string {
	var lines []string
	if root := rootLines(want); root != nil {
		lines = append(f.header(f.root), root...)
	}
	if want.Buildpack.URI != "" {
		lines = append(lines, f.entry(want.Buildpack)...)
	}
	for _, v := range want.Variables {
		lines = append(lines, f.variable(v)...)
	}
	return lines
}

// rootLines returns the lines of the root table.
func rootLines(want Want) (lines []string) {
	if want.Builder != "" {
		lines = append(lines, "builder = "+quoted(want.Builder))
	}
	if len(want.Exclude) > 0 {
		lines = append(lines, "exclude = ["+quotedAll(want.Exclude)+"]")
	}
	return lines
}

// header returns the header of a table.
func (form) header(path []string) []string { return []string{"[" + strings.Join(path, ".") + "]"} }

// entry returns the lines of a buildpack in the group.
func (f form) entry(b Buildpack) []string { return f.element(f.group, "uri = "+quoted(b.URI)) }

// variable returns the lines of a variable.
func (f form) variable(v Variable) []string {
	return f.element(f.env, "name = "+quoted(v.Name), "value = "+quoted(v.Value))
}

// element returns the lines of an element of an array of tables.
func (form) element(path []string, lines ...string) []string {
	return append([]string{fmt.Sprintf("[[%s]]", strings.Join(path, "."))}, lines...)
}

// value returns the value at a path of a decoded file, or nil.
func value(in map[string]any, path []string) any {
	var at any = in
	for _, key := range path {
		table, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = table[key]
	}
	return at
}

// texts returns the strings of an array.
func texts(array any) (all []string) {
	elements, _ := array.([]any)
	for _, one := range elements {
		text, _ := one.(string)
		all = append(all, text)
	}
	return all
}

// tables returns the elements of an array of tables, in either of its forms.
func tables(array any) (all []map[string]any) {
	switch array := array.(type) {
	case []map[string]any:
		return array
	case []any:
		for _, one := range array {
			table, _ := one.(map[string]any)
			all = append(all, table)
		}
	}
	return all
}

// quoted returns a string of TOML.
func quoted(text string) string {
	line, err := toml.Marshal(map[string]string{"v": text})
	if err != nil {
		panic(err) // a string has a form
	}
	return strings.TrimSpace(strings.TrimPrefix(string(line), "v = "))
}

// quotedAll returns strings as the elements of an array.
func quotedAll(all []string) string {
	var quotes []string
	for _, one := range all {
		quotes = append(quotes, quoted(one))
	}
	return strings.Join(quotes, ", ")
}

// without returns the elements of all that are not in some.
func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(some, one) })
}
