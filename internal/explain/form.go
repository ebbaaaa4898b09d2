package explain

// form is raised when a field is renamed, removed or means something else. New fields do not raise it.
// docs/reference/explain-json.md says what each means.
const form = 1

// Explanation is what --json prints.
type Explanation struct {
	Form      int       `json:"form"`
	TakesPart bool      `json:"takes_part"`
	Reason    string    `json:"reason"`
	Decisions []string  `json:"decisions"`
	Runtimes  []Runtime `json:"runtimes"`
	Packages  []Package `json:"packages"`
	Order     []Step    `json:"order"`
	Processes []Process `json:"processes"`
	Image     Image     `json:"image"`
	Warnings  []string  `json:"warnings"`
	Advice    []string  `json:"advice"`
	Problems  []Problem `json:"problems"`
	More      int       `json:"more_problems"`
}

// Runtime is a language and its version.
type Runtime struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Why     string  `json:"why"`
	Asked   []Asked `json:"asked"`
}

// Asked is a version that somebody asked for, and where.
type Asked struct {
	Version string `json:"version"`
	Source  string `json:"source"`
}

// Package is a set of packages that is installed.
type Package struct {
	Name    string   `json:"name"`
	Manager string   `json:"manager"`
	Version string   `json:"version"`
	Why     string   `json:"why"`
	Files   []string `json:"files"`
}

// Step is something that a build does, most often a command.
type Step struct {
	Side    string   `json:"side"`
	Name    string   `json:"name"`
	Dir     string   `json:"dir"`
	Command []string `json:"command"`
	If      string   `json:"if"`
}

// Process is a process type of the image.
type Process struct {
	Type    string `json:"type"`
	Command string `json:"command"`
	Default bool   `json:"default"`
	If      string `json:"if"`
}

// Image is what is in it.
type Image struct {
	Has    []string `json:"has"`
	HasNot []string `json:"has_not"`
}

// Problem is what would end the build.
type Problem struct {
	ID   string `json:"id"`
	What string `json:"what"`
	Why  string `json:"why"`
	Fix  string `json:"fix"`
}
