package settings

// namespace has the names of a module, as far as they are known.
type namespace struct {
	file     string
	lines    []string
	lists    map[string]NameList
	paths    map[string]string // directories, relative to the app's root
	texts    map[string]string
	imported map[string]string // the meaning of local names: "environ.Env()" of "env"
	key      Variable          // whose value SECRET_KEY is, if that may be empty
	open     bool              // it may have other values than those that are known
	services bool
}

// list returns a list of names. Without one it is not complete.
func (ns *namespace) list(name string) NameList {
	l := ns.lists[name]
	l.Complete = l.Complete && !ns.open
	return l
}

// merge takes over all names of another module.
func (ns *namespace) merge(in *namespace) {
	for name := range in.lists {
		ns.lists[name] = in.lists[name]
	}
	for name := range in.paths {
		ns.paths[name] = in.paths[name]
	}
	for name := range in.texts {
		ns.texts[name] = in.texts[name]
	}
	for name := range in.imported {
		ns.imported[name] = in.imported[name]
	}
	if in.key.Name != "" {
		ns.key = in.key
	}
	ns.open, ns.services = ns.open || in.open, ns.services || in.services
}

// take takes over one name of another module.
func (ns *namespace) take(in *namespace, name, as string) {
	if list, ok := in.lists[name]; ok {
		ns.lists[as] = list
	}
	if dir, ok := in.paths[name]; ok {
		ns.paths[as] = dir
	}
	if meaning, ok := in.imported[name]; ok {
		ns.imported[as] = meaning
	}
}
