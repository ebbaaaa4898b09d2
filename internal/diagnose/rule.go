package diagnose

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/debian"
)

// rule describes one way in which a command fails: how to recognize it, and what to tell the user. Its fields are the
// keys of the TOML files.
type rule struct {
	ID        string // of the error; empty: the step's
	Include   string // another rule set, looked through at this place
	Step      string // in step.toml: the kind of step that it explains if no other rule does
	Wrap      string // it fits after a rule of this set, and may use that one's {what} and {why}; "*": after anything
	When      when
	Text      string            // a text, by name, that has what the rule itself lacks
	What, Why words             // without a Why: the exception, and the app's last line on the way to it
	Quote     []string          // {quote} is the part of the output that begins at one of these, and the default of Why
	Fix       []action          // without one: that of the rule that it wraps, or of the step
	Default   map[string]string // of variables that are empty
	Final     bool              // no later step of the build can mend it
	Temporary bool              // running the build again may help
	Seen      string            // how often and where such a failure was seen, so that old rules can go
	Unsampled string            // why no captured output is explained by it

	file string   // where it is
	name string   // the file, and the number of the rule in it
	sets []string // the set, and those that include it
	says []string // When.Says with the names of lists replaced
}

// when are the signs of a failure. All that are given must be there.
type when struct {
	Says      []string       // one of these is in the output, white space folded; @NAME is a list of them
	Pattern   *regexp.Regexp // matches the output, white space folded; named groups are variables
	Exception []string       // names of exceptions, of which one is in a Python traceback; from the last to the first
	Message   *regexp.Regexp // matches the message of the exception; named groups are variables
	Frames    []string       // ends of files, or FILE:FUNCTION, that the way to the exception leads through
	Probe     string         // a function that looks at more than the output
	Case      string         // what it finds; empty: anything
}

// text is a block that several rules use.
type text struct {
	Name      string
	What, Why words
	Fix       []action
}

// words are sentences, as one string or as pieces.
type words []piece

// piece is a part of words: text, or the words of a text by name, on a condition.
type piece struct {
	Text       string
	If, Unless string   // a variable that must be there, or must not
	Use        string   // the name of a text, whose words of the same kind are meant
	Each       []string // variables that are lists: the piece is repeated for each line of theirs
}

// UnmarshalTOML reads a string, or a list of strings and tables.
func (w *words) UnmarshalTOML(value any) error {
	if s, ok := value.(string); ok {
		*w = words{{Text: s}}
		return nil
	}
	list, ok := value.([]any)
	if !ok {
		return fmt.Errorf("words are a string or a list, not %T", value)
	}
	for _, entry := range list {
		p, err := newPiece(entry)
		if err != nil {
			return err
		}
		*w = append(*w, p)
	}
	return nil
}

// newPiece reads a string, or a table with the keys of a piece. The error names a key that it does not know.
func newPiece(entry any) (p piece, err error) {
	if s, ok := entry.(string); ok {
		return piece{Text: s}, nil
	}
	text, err := toml.Marshal(entry)
	if err != nil {
		return p, fmt.Errorf("a piece is a string or a table: %w", err)
	}
	md, err := toml.Decode(string(text), &p)
	if unknown := md.Undecoded(); err == nil && len(unknown) > 0 {
		err = fmt.Errorf("a piece has no key %s", unknown[0])
	}
	return p, err
}

// action is one part of a fix: one of Say, Run, Set, Edit, Bind, Builder, CPU, Write and Use.
type action struct {
	// Say is text; see fail.Say.
	Say string
	// Run is a command. In is "project" for the directory of the step's project, or empty for the app's.
	Run, In string
	// Set is a variable, To its value.
	Set, To string
	// Edit is lines for a file, which the text before names.
	Edit []string
	// Bind is the type of a binding; Name and Dir may be empty, as in fail.Bind.
	Bind, Name, Dir string
	Files           []boundFile
	// Builder, with Buildpacks or without, and CPU are what the build is made with; see fail.Build.
	Builder    string
	Buildpacks []string
	CPU        string `toml:"cpu"`
	// Write is a version that the app requests afterwards, Of its runtime: "python" or "node".
	Write, Of string
	// Use is the name of a text, whose actions are meant.
	Use string

	// If and Unless are variables that must be there, or must not.
	If, Unless string
	// Each are variables that are lists: the action is repeated for each line of theirs.
	Each []string
}

// boundFile is a file of a binding, or one for each line of the lists in Each.
type boundFile struct {
	// Name is that of the file, which is a copy of From or has the Text.
	Name, From, Text string
	Each             []string
}

// library is a library of the system, with what its absence looks like.
type library struct {
	debian.Known
	python, node *regexp.Regexp // made by compile; node is nil without a sign
}

// compile makes the patterns of a library: python of what a build says or of a header that it misses, node of names of
// pkg-config and headers.
func (l *library) compile() (err error) {
	var signs []string
	if l.Says != "" {
		signs = append(signs, l.Says)
	}
	if len(l.Header) > 0 {
		var names []string
		for _, name := range l.Header {
			names = append(names, regexp.QuoteMeta(name))
		}
		signs = append(signs, "fatal error: '?(?:"+strings.Join(names, "|")+")")
	}
	// Without a sign the pattern finds only an empty text, which is ignored.
	if l.python, err = regexp.Compile(strings.Join(signs, "|")); err != nil {
		return err
	}
	if l.Node != "" {
		l.node, err = regexp.Compile(`(?:Package '?(?:` + l.Node + `)[^ ]*(?:, required by '[^']*',| was)? not found|` +
			`fatal error: (?:` + l.Node + `)[^ ]*: No such file)`)
	}
	return err
}
