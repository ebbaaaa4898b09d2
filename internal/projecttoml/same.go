package projecttoml

import (
	"maps"
	"reflect"
	"slices"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// sameBut reports whether a changed file has all that it had: only what Add may add is new.
func (f form) sameBut(had map[string]any, changed string, want Want) bool {
	has := map[string]any{}
	if _, err := limits.DecodeTOML(changed, &has); err != nil {
		return false
	}
	if was := value(had, f.builder()); was != nil && was != "" && was != value(has, f.builder()) {
		return false
	}
	return begins(texts(value(had, f.exclude())), texts(value(has, f.exclude()))) &&
		begins(tables(value(had, f.group)), tables(value(has, f.group))) &&
		begins(others(value(had, f.env), want), others(value(has, f.env), want)) &&
		reflect.DeepEqual(f.rest(had), f.rest(has))
}

// begins reports whether a list has all elements of another first.
func begins[T any](before, after []T) bool {
	return len(before) <= len(after) &&
		slices.EqualFunc(before, after[:len(before)], func(a, b T) bool { return reflect.DeepEqual(a, b) })
}

// others returns the variables of a list that are not wanted.
func others(list any, want Want) []map[string]any {
	return slices.DeleteFunc(slices.Clone(tables(list)), func(entry map[string]any) bool {
		return slices.ContainsFunc(want.Variables, func(v Variable) bool { return v.Name == entry["name"] })
	})
}

// rest returns a decoded file without what Add may add.
func (f form) rest(in map[string]any) map[string]any {
	return rest(in, [][]string{f.builder(), f.exclude(), f.group, f.env, {"_", "schema-version"}})
}

// rest returns a copy of a decoded file without the values at the paths, and without tables that have nothing else.
func rest(in map[string]any, paths [][]string) map[string]any {
	out := maps.Clone(in)
	for _, path := range paths {
		table, ok := out[path[0]].(map[string]any)
		switch {
		case len(path) == 1:
			delete(out, path[0])
		case ok:
			table = rest(table, [][]string{path[1:]})
			out[path[0]] = table
			if len(table) == 0 {
				delete(out, path[0])
			}
		}
	}
	return out
}
