// Package installed has what is known only after an installation: the packages, Django's settings, and the conditions
// that these decide.
package installed

import "github.com/tandem-cnb/tandem/internal/manager"

// Found describes what was installed.
type Found struct {
	Packages map[string]string // of Python: name in lower case with "-", to version
	Settings *Settings         // nil if there is no Django app, or its settings could not be imported
	Managers map[string]string // of Node.js: the project's directory to the version of its package manager
}

// Settings are the Django settings that the build depends on.
type Settings struct {
	StaticRoot  string   // absolute; "": not set
	StaticDirs  []string // absolute, of STATICFILES_DIRS
	LocalStatic bool     // static files are in a directory, not in a service
	Staticfiles bool     // django.contrib.staticfiles is installed
	WSGI, ASGI  string   // "mysite.wsgi.application"; "": not set

	StaticPrefixes []string // of StaticDirs: the directories of their files in STATIC_ROOT
	Hashed         bool     // the names of static files have a part that changes with their contents
	StaticServer   string   // where it shows that the app serves them itself; "": nowhere
	WhitenoiseRoot string   // absolute; "": not set
	Manifests      []Manifest
	SecretNames    []string // SECRET_KEY is empty: the variables that were looked for and not set
	KeyFrom        []string // the variables with the value of SECRET_KEY
}

// Manifest is a file that pages look their assets up in.
type Manifest struct{ Package, Setting, File string }

// Has reports whether a package is installed.
func (f Found) Has(name string) bool {
	_, ok := f.Packages[name]
	return ok
}

// Listed returns the packages that files list, as if they were installed.
func Listed(listed manager.Listed) Found {
	found := Found{Packages: map[string]string{}}
	for _, one := range listed.Packages {
		found.Packages[one.Name] = one.Version
	}
	return found
}
