package diagnose

import (
	"slices"
	"strings"
)

// probeRenamed finds a {name} that Django {since} no longer has, and the {line} that imports what replaces it. Its
// cases say whose code imports it, app or {package}.
func probeRenamed(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		vars := Vars{}
		for _, message := range f.known.Removed {
			groups(message, t.message, vars)
		}
		for _, r := range f.known.Renamed {
			own, to := t.own(f.Root), r.Names[vars["name"]]
			isModule := vars["module"] == "" && vars["name"] == r.Module
			if !isModule && (vars["module"] != r.Module || to == "") {
				continue
			}
			found := Vars{"name": vars["name"], "since": r.Since, "package": f.packageOf(t)}
			switch {
			case found["package"] != "" || own == nil:
				return "package", found
			case isModule:
				found["line"] = strings.ReplaceAll(own.code, r.Module, r.To)
			default:
				found["line"] = "from " + r.To + " import " + to + " as " + vars["name"]
			}
			return "app", found
		}
	}
	return "", nil
}
