package settings

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// assign notes what a statement does to lists, texts and directories. A value that depends on a condition leaves the
// name open.
func (s *reader) assign(ns *namespace, statement pysource.Statement) {
	a := statement.Assignment()
	// A storage or a URL of another host may serve the files. Which one it is needs more than a name.
	ns.services = ns.services || statement.Mentions("STORAGES", "STATICFILES_STORAGE", "AWS_STORAGE_BUCKET_NAME") ||
		statement.Mentions("STATIC_URL") && !plainURL(a.Value)
	if a.Value == nil {
		ns.changeList(statement)
		return
	}
	list := ns.evalList(a.Value)
	text, isText := a.Value.Literal()
	dir, isDir := s.evalPath(ns, a.Value)
	if slices.Contains(a.Names, "SECRET_KEY") {
		ns.key = ns.optionalVariable(a.Value, statement)
	}
	for _, name := range a.Names {
		old := ns.lists[name]
		switch {
		case !statement.Always(): // the names of both may be there
			ns.lists[name] = NameList{append(slices.Clip(old.Names), list.Names...), false}
			delete(ns.texts, name)
			delete(ns.paths, name)
			continue
		case a.Adds:
			list = NameList{append(slices.Clip(old.Names), list.Names...), old.Complete && list.Complete}
		}
		ns.lists[name] = list
		set(ns.texts, name, text, isText)
		set(ns.paths, name, dir, isDir)
		if call, rest, ok := a.Value.Leading(); ok && len(rest) == 0 {
			ns.imported[name] = ns.meaning(call.Name) + "()"
		}
	}
}

// StaticServers returns words by which a middleware, URLs or a WSGI module shows that the app serves its static files.
// The program that a build imports the settings with has the same.
func StaticServers() []string {
	return []string{"whitenoise", "servestatic", "blacknoise", "dj_static", "static_serve", "django.views.static"}
}

// staticServer returns the first of StaticServers in the settings and in the modules that they name.
func (s *reader) staticServer(ns *namespace, module string) string {
	texts := []string{strings.Join(ns.list("MIDDLEWARE").Names, " ")}
	mysite, _, _ := strings.Cut(module, ".")
	wsgi := ns.texts["WSGI_APPLICATION"]
	module = wsgi[:max(0, strings.LastIndex(wsgi, "."))]
	for _, name := range []string{module, ns.texts["ROOT_URLCONF"], mysite + ".wsgi", mysite + ".asgi"} {
		if file := s.moduleFile(name); file != "" {
			text, _ := s.text(file)
			texts = append(texts, text)
		}
	}
	for _, server := range StaticServers() {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, server) }) {
			return server
		}
	}
	return ""
}

// set sets a key of a map, or removes it if the value is not known.
func set[V any](values map[string]V, key string, value V, known bool) {
	if known {
		values[key] = value
	} else {
		delete(values, key)
	}
}

// plainURL reports whether a value is a URL on the app's own host.
func plainURL(value pysource.Tokens) bool {
	text, ok := value.Literal()
	return ok && !strings.Contains(text, "//")
}

// changeList notes a call such as INSTALLED_APPS.append("shop").
func (ns *namespace) changeList(statement pysource.Statement) {
	for call := range statement.Calls() {
		name, method, _ := strings.Cut(call.Name, ".")
		list, known := ns.lists[name]
		if !known || method == "" {
			continue
		}
		switch method {
		case "append", "insert":
			text, ok := call.Argument(map[string]int{"append": 0, "insert": 1}[method]).Literal()
			if list.Complete = list.Complete && ok && statement.Always(); ok {
				list.Names = append(slices.Clip(list.Names), text)
			}
		case "extend":
			more := ns.evalList(call.Argument(0))
			list.Names = append(slices.Clip(list.Names), more.Names...)
			list.Complete = list.Complete && more.Complete && statement.Always()
		default: // such as remove
			list.Complete = false
			text, _ := call.Argument(0).Literal()
			list.Names = slices.DeleteFunc(slices.Clone(list.Names), func(name string) bool { return name == text })
		}
		ns.lists[name] = list
	}
}

// evalList evaluates a list of names, and sums of such lists. It is incomplete if there may be other elements.
//
// Projects write INSTALLED_APPS as a list, or as the sum of lists with names such as LOCAL_APPS.
func (ns *namespace) evalList(value pysource.Tokens) (list NameList) {
	list.Complete = true
	for _, term := range value.Split("+") {
		part, known := NameList{}, false
		if len(term) == 1 && term[0].Kind == pysource.Name {
			part, known = ns.lists[term[0].Text]
		}
		if !known {
			part.Names, part.Complete = term.Literals()
		}
		list.Names = append(list.Names, part.Names...)
		list.Complete = list.Complete && part.Complete
	}
	return list
}
