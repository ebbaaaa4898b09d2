package manager

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// npmEntry is a package in a lock.
type npmEntry struct {
	Version, Resolved string
	HasInstallScript  bool
	Engines           any // versions by names; a list in packages of 2011
	Bin               any // the path of the only program, which has the package's name, or paths by names
	Systems
	Dependencies         map[string]any
	OptionalDependencies map[string]any
}

// ReadLock finds "file:" dependencies: npm links them, and runs their install scripts in place. It reads one package
// after the other: a lockfile may have many, and format 1 nests them.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
func (npmManager) ReadLock(text string) (lock Lock, err error) {
	var head struct {
		LockfileVersion int
		Packages        *struct{}
	}
	if err := json.Unmarshal([]byte(text), &head); err != nil {
		return lock, err
	}
	lock = Lock{Format: strconv.Itoa(max(head.LockfileVersion, 1)), Remote: map[string]string{}}
	graph, entry := npmGraph{}, npmEntry{}
	in := jsonReader{json.NewDecoder(strings.NewReader(text))}
	in.object(func(key string) {
		switch {
		case key == "packages":
			in.object(func(name string) {
				entry = npmEntry{} // one for all, since there may be very many
				in.value(&entry)
				lock.add(name, entry)
				if _, dependency, ok := cutLast(name, "node_modules/"); ok {
					graph.add(dependency, entry)
				}
			})
		case key == "dependencies" && head.Packages == nil: // format 1; 2 has both
			in.object(func(name string) { lock.old(in, name) })
		default:
			in.skip()
		}
	})
	slices.Sort(lock.Local)
	slices.Sort(lock.Linked)
	lock.Incomplete = graph.incomplete()
	return lock, nil
}

// add notes a package by its directory, as formats 2 and 3 do.
func (lock *Lock) add(name string, entry npmEntry) {
	if parent, dependency, ok := cutLast(name, "node_modules/"); ok {
		lock.remote(dependency, entry.Resolved)
		if parent == "" {
			lock.installed(dependency, entry)
		}
		return
	}
	if name == "" {
		return
	}
	lock.local(name, entry.HasInstallScript)
}

// installed notes a package in node_modules itself.
func (lock *Lock) installed(name string, entry npmEntry) {
	if programs := entry.programs(name); programs != nil {
		if lock.Programs == nil {
			lock.Programs = map[string][]string{}
		}
		lock.Programs[name] = programs
	}
	engines, _ := entry.Engines.(map[string]any)
	if want, _ := engines["node"].(string); want != "" {
		if lock.Engines == nil {
			lock.Engines = map[string]string{}
		}
		lock.Engines[name] = want
	}
}

// cutLast is like strings.Cut, for the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// local notes a file or a directory of the app, up to one more than there may be.
func (lock *Lock) local(name string, linked bool) {
	if len(lock.Local) > limits.Packages {
		return
	}
	lock.Local = append(lock.Local, path.Clean(name))
	if linked {
		lock.Linked = append(lock.Linked, path.Clean(name))
	}
}

// old reads a package of format 1, in which "file:" or a URL replaces the version. It does not list install scripts.
func (lock *Lock) old(in jsonReader, name string) {
	in.object(func(key string) {
		switch key {
		case "version":
			var version string
			in.value(&version)
			if local, ok := strings.CutPrefix(version, "file:"); ok {
				lock.local(local, !strings.HasSuffix(local, ".tgz"))
			}
			lock.remote(name, version)
		case "dependencies":
			in.object(func(name string) { lock.old(in, name) })
		default:
			in.skip()
		}
	})
}

// jsonReader reads valid JSON from left to right. It skips values of an unexpected type, which the manager reports.
type jsonReader struct{ *json.Decoder }

// object calls read at each value of an object, which it must read. It reports whether there was an object; another
// value is excluded.
func (in jsonReader) object(read func(key string)) bool {
	token, err := in.Token()
	if token != json.Delim('{') {
		in.rest(token)
		return false
	}
	for err == nil && in.More() {
		var key json.Token
		key, err = in.Token()
		if name, ok := key.(string); ok {
			read(name)
		}
	}
	_, _ = in.Token() // }
	return true
}

// rest reads what is left of an array.
func (in jsonReader) rest(token json.Token) {
	if token != json.Delim('[') {
		return
	}
	for in.More() {
		in.skip()
	}
	_, _ = in.Token() // ]
}

// value reads one value. It stays as it is if the value has another type.
func (in jsonReader) value(into any) { _ = in.Decode(into) }

// skip reads one value of any type and drops it.
func (in jsonReader) skip() { in.value(&struct{}{}) }
