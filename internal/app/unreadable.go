package app

// Role names the information that a file may have. An error about missing information adds nothing to the error about
// an unreadable file that may have it.
type Role string

// What a file may say.
const (
	Unknown   Role = "unknown"   // anything, such as packages, scripts or directories
	Version   Role = "version"   // a version
	Processes Role = "processes" // process types
)

// Unreadable is a file that cannot be read or understood.
type Unreadable struct {
	Name string // path in the app; "." is the app as a whole
	Err  error  // for the user, who reads it if the file is needed
	Role Role
}

// Errors returns the errors of files.
func Errors(unreadable []Unreadable) (errs []error) {
	for _, u := range unreadable {
		errs = append(errs, u.Err)
	}
	return errs
}

// problem notes a file of which nothing is known.
func (r *reader) problem(name string, err error) {
	r.unreadable = append(r.unreadable, Unreadable{name, err, Unknown})
}
