package pages

import (
	"reflect"
	"strings"
	"testing"
)

// CheckFields compares a page with the JSON of a type: the page must have a row for each exported field.
func CheckFields(t *testing.T, name string, of reflect.Type) {
	t.Helper()
	page := Read(t, name)
	var visit func(prefix string, typ reflect.Type)
	visit = func(prefix string, typ reflect.Type) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			if !field.IsExported() {
				continue
			}
			key := prefix + strings.TrimSuffix(field.Tag.Get("json"), ",omitempty")
			kind := field.Type
			if kind.Kind() == reflect.Slice {
				key, kind = key+"[]", kind.Elem()
			}
			if !strings.Contains(page, "| `"+key+"` |") {
				t.Errorf("%s has no row %s", name, key)
			}
			if kind.Kind() == reflect.Struct {
				visit(key+".", kind)
			}
		}
	}
	visit("", of)
}
