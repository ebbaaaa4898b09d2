package explain

// Schema is raised when a field is renamed, removed or means something else. New fields do not raise it.
// docs/reference/explain-json.md says what each means, and docs/reference/explain.schema.json what is valid.
const Schema = 2

// Verdict is the result of an explanation in one word.
type Verdict string

// The verdicts.
const (
	Ready        Verdict = "ready"          // the build can begin
	Fails        Verdict = "fails"          // the build would fail, or the container could not start
	DoesNotApply Verdict = "does-not-apply" // Tandem has nothing to do with the app
)

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // the build fails, or no process can start
	SeverityWarning Severity = "warning" // the build passes, and users meet a problem
	SeverityHint    Severity = "hint"    // good to know
)

// Explanation is the output of --format json.
type Explanation struct {
	Schema      int        `json:"schema"`
	Version     string     `json:"version"` // of Tandem
	App         string     `json:"app"`     // the name of its directory
	Verdict     Verdict    `json:"verdict"`
	ExitCode    int        `json:"exit_code"` // without --strict
	Reason      string     `json:"reason"`
	Decisions   []string   `json:"decisions"`
	DecisionIDs []string   `json:"decision_ids"` // of Decisions, in their order
	Runtimes    []Runtime  `json:"runtimes"`
	Packages    []Package  `json:"packages"`
	Order       []Step     `json:"order"`
	Processes   []Process  `json:"processes"`
	Image       Image      `json:"image"`
	Variables   []Variable `json:"variables"`
	Findings    []Finding  `json:"findings"`
	More        int        `json:"more_findings"`

	doubt  bool     // the container may not start, for a reason that only a build can show
	builds bool     // no error would end the build: with one, the container could not start
	said   []string // those of Decisions that no row of the table shows

	lacks   Lacks
	unknown unknown // rows of the table that depend on the errors
}

// Runtime is a language and its version. Version is the installed one. Asked has all requests for a version, the
// deciding one first, and Why has the deciding sources as text.
type Runtime struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Why     string  `json:"why"`
	Asked   []Asked `json:"asked"`
}

// Asked is a version that a file or a variable requests.
type Asked struct {
	Version string `json:"version"`
	Source  string `json:"source"`
}

// Package is a set of packages that is installed by one package manager. Version is the manager's, empty for Tandem's
// uv and for the npm of Node.js. Files are the files that list the packages, relative to the app's root.
type Package struct {
	Name    string   `json:"name"`
	Manager string   `json:"manager"`
	Version string   `json:"version"`
	Why     string   `json:"why"`
	Files   []string `json:"files"`
	File    string   `json:"file"`  // the lockfile, or else the first of Files
	Count   int      `json:"count"` // of the packages for the architecture; 0 if it is unknown
	Data    bool     `json:"data"`  // no packages, but data that a package reads; Why has their names
}

// Step is a part of a build, most often a command. The report of a build has the same ID. Side is the language
// of an installation, and empty for an app step. If is the condition, and empty if the step always runs.
type Step struct {
	ID      string   `json:"id"`
	Side    string   `json:"side"`
	Name    string   `json:"name"`
	Dir     string   `json:"dir"`
	Command []string `json:"command"`
	If      string   `json:"if"`
	Kind    string   `json:"kind"`
	About   string   `json:"about"` // what it runs or writes; may be empty
}

// Process is a process type of the image. If is the condition, and empty if the image certainly has the process.
// Default marks the process that a container starts. It starts in Dir, relative to the app's root.
type Process struct {
	Type    string `json:"type"`
	Command string `json:"command"`
	Dir     string `json:"dir"`
	Default bool   `json:"default"`
	If      string `json:"if"`
	From    string `json:"from"`  // the line of the Procfile, or the server and the file that lists it; may be empty
	Brief   string `json:"brief"` // the command without what only a container needs
}

// Image is the contents of the image. HasNot lists what only the build has.
type Image struct {
	Has    []string `json:"has"`
	HasNot []string `json:"has_not"`
}

// Variable is a variable that the settings of the container need, with the place that reads it. Build says where a
// build gets it from.
type Variable struct {
	Name  string `json:"name"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	Build string `json:"build"`
}

// Finding is something that the user should know or change.
type Finding struct {
	ID       string   `json:"id"` // of an error in docs/errors, of others in docs/reference/notes.md
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	File     string   `json:"file"` // relative to the app's root; empty without one
	Line     int      `json:"line"` // 0 without one
	Evidence string   `json:"evidence"`
	Fix      []Action `json:"fix"`
	URL      string   `json:"url"`   // of the page that explains an error; empty for others
	Retry    bool     `json:"retry"` // the next build may not have it
	fix      string   // as text
}

// Action is one part of a fix. Exactly one of the fields Say, Run, Set, Edit, Bind and Pack is set.
type Action struct {
	Say  string   `json:"say,omitempty"`  // sentences
	Run  string   `json:"run,omitempty"`  // a command for a shell
	In   string   `json:"in,omitempty"`   // the directory in the app for Run
	Set  string   `json:"set,omitempty"`  // the name of a variable of the build
	To   string   `json:"to,omitempty"`   // the value for Set; empty: only the user knows it
	Edit []string `json:"edit,omitempty"` // lines for a file that the sentences before it name
	Bind string   `json:"bind,omitempty"` // the type of a service binding
	Pack string   `json:"pack,omitempty"` // more options for pack build
}
