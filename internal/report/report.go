// Package report has the JSON that a build hands to other programs. It computes nothing.
package report

// Schema is the version of the format. It rises if a field is removed or changes its meaning. New fields do not raise
// it.
const Schema = 1

// Build is the report of a build that has succeeded. docs/reference/build-report.md explains each field. No list is
// nil.
type Build struct {
	Schema     int        `json:"schema"`
	Version    string     `json:"version"` // of Tandem
	Runtimes   []Runtime  `json:"runtimes"`
	Total      float64    `json:"total"` // seconds
	Steps      []Step     `json:"steps"`
	Layers     []Layer    `json:"layers"`
	App        App        `json:"app"`
	Processes  []Process  `json:"processes"`
	Warnings   []Warning  `json:"warnings"`
	Components Components `json:"components"`
}

// Runtime is Python or Node.js, with the sources that decided on its version.
type Runtime struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Why     string `json:"why"`
}

// Step is a part of the build whose time was measured. The ID is that of tandem explain, and empty for other parts.
// Start and Took are in seconds; Start is relative to the beginning of the build.
type Step struct {
	ID     string  `json:"id,omitempty"`
	Branch string  `json:"branch,omitempty"`
	Name   string  `json:"name"`
	Start  float64 `json:"start"`
	Took   float64 `json:"took"`
}

// Layer says what became of a layer. Sizes are in bytes, and 0 if the image or the cache does not have it.
type Layer struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Status  string `json:"fate"`
	Shipped int64  `json:"bytes_in_image"` // before compression
	Kept    int64  `json:"bytes_kept"`     // of the cached archive
}

// App has the sizes of the app in bytes before compression, and its largest directories and files.
type App struct {
	Bytes   int64  `json:"bytes_in_image"`
	Largest []Size `json:"largest"`
}

// Size is the size of an entry of the app's root.
type Size struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes_in_image"`
}

// Process is a process type of the image. It starts in Dir, relative to the app's root.
type Process struct {
	Type    string `json:"type"`
	Command string `json:"command"`
	Dir     string `json:"dir"`
	Default bool   `json:"default"`
}

// Warning is a warning of the log. The ID is in docs/reference/notes.md, and empty for a warning about the build
// itself.
type Warning struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Components are numbers of components in bills of materials: of all layers of the image, of its document, and of that
// of the build.
type Components struct {
	Layers int `json:"layers"`
	Image  int `json:"image"`
	Build  int `json:"build"`
}
