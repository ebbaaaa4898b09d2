package manager

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
)

// Limits of the files that are read for one installation.
const (
	maxIncluded     = 2000
	maxRequirements = 16 << 20 // bytes of all of them
	maxNoted        = 100_000  // different lines with options or paths
	maxRefused      = 4        // one more than an error shows
)

// Line is a line of a requirements file that pip refuses. Text is the logical line, without comments; Number is that of
// its first line, counted from 1.
type Line struct {
	File   string
	Number int
	Text   string
	Wants  string // what pip expects in it
}

// needsWord has the options of a line that mean nothing without a word, and what that word is.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
var needsWord = map[string]string{
	"editable":    "the path or the URL of a package: -e ./libs/mine",
	"requirement": "a file: -r base.txt",
	"constraint":  "a file: -c constraints.txt",
	"find-links":  "a directory or a URL: -f ./wheels",
	"index-url":   "the URL of an index: -i https://packages.example.com/simple",
}

// requirements has the results of reading files, each once.
type requirements struct {
	Sources
	src              Source
	files, noted     map[string]bool // files that were looked for; lines and paths that were noted
	hashed           bool            // a line has a hash
	options          []PipOption     // those of all lines, in their order
	included, absent int             // files that others include, and files that do not exist
	bytes            int             // of all files
}

// readRequirements reads files with every file that they include.
func readRequirements(src Source, files []string) Sources {
	r := requirements{src: src, files: map[string]bool{}, noted: map[string]bool{}}
	r.included = -len(files) // the named files are not included
	for _, name := range files {
		r.visit(name)
	}
	if len(r.Files) == 0 {
		return Sources{}
	}
	r.OwnSetuptools = r.OwnSetuptools || r.hashed
	if r.hashed { // pip requires the rest of the hashes then; uv does only when told
		r.options = append(r.options, PipOption{Name: "require-hashes", Value: "1", Source: r.Files[0]})
	}
	// uv reads these in requirements files as pip does.
	said := forUV(r.options,
		[]string{"index-url", "extra-index-url", "find-links", "no-index", "no-binary", "only-binary"})
	r.Args, r.Notes = said.Args, said.Notes
	if slices.ContainsFunc(r.options, func(o PipOption) bool { return o.Name == "extra-index-url" }) {
		r.Env = map[string]string{indexStrategy: bestMatch}
	}
	uv := readUVSettings(src) // uv pip reads them too
	r.Options, r.Files = append(r.Options, uv.options...), append(r.Files, uv.files...)
	r.Version, r.VersionFile = uv.requiredVersion()
	r.Unverified = append(unverifiedOptions(r.options), uv.unverified()...)
	r.addGitVersions(src, pyproject{}, false, r.Local)
	return r.Sources
}

// visit reads a file. Once a limit is passed it reads no more.
func (r *requirements) visit(name string) {
	// Files that include each other are read once.
	if r.files[name] || r.Err != nil || r.absent > maxIncluded {
		return
	}
	r.files[name] = true
	text, ok := r.src.Text(name)
	if !ok {
		r.absent++
		return
	}
	r.Files = append(r.Files, name)
	if r.included++; r.included > maxIncluded {
		r.Err = fmt.Errorf("more than %d files are included", maxIncluded)
		return
	}
	if r.bytes += len(text); r.bytes > maxRequirements {
		r.Err = fmt.Errorf("with the files that it includes it has more than %d MB", maxRequirements>>20)
		return
	}
	for number, line := range logicalLines(text) {
		r.hashed = r.hashed || strings.Contains(line, " --hash")
		if strings.HasPrefix(line, "-") {
			r.option(Line{File: name, Number: number, Text: line})
		} else if found := localPath(line); found != "" {
			r.local(found)
		} else if p, _, _ := requirement(line, Machine{}); p.Name == setuptools {
			r.OwnSetuptools = true
		}
	}
}

// local notes a package that is in the app, once.
func (r *requirements) local(name string) {
	if r.isFirst("path " + name) {
		r.Local = append(r.Local, name)
	}
}

// isFirst reports whether text is noted for the first time, and within the limit.
func (r *requirements) isFirst(what string) bool {
	if r.noted[what] || r.Err != nil {
		return false
	}
	r.noted[what] = true
	if len(r.noted) > maxNoted {
		r.Err = fmt.Errorf("more than %d lines have options or paths", maxNoted)
	}
	return r.Err == nil
}

// option reads a line that begins with an option.
func (r *requirements) option(line Line) {
	name, value := cutOption(line.Text)
	if line.Wants = needsWord[name]; line.Wants != "" && value == "" {
		if len(r.Refused) < maxRefused {
			r.Refused = append(r.Refused, line)
		}
		return
	}
	switch name {
	case "requirement", "constraint":
		r.visit(path.Join(path.Dir(line.File), firstWord(value)))
	case "editable":
		if found := localPath(value); found != "" {
			r.local(found)
		}
	default:
		r.setting(line, name, value)
	}
}

// setting notes what a line says about the installation; a directory of wheels is a local package.
func (r *requirements) setting(line Line, name, value string) {
	if !r.isFirst(line.Text) {
		return
	}
	r.Options = append(r.Options, line.Text)
	if name == "" {
		return
	}
	r.options = append(r.options, PipOption{Name: name, Value: value, Source: line.File})
	if name == "find-links" && !strings.Contains(value, "://") {
		for _, dir := range []string{path.Join(path.Dir(line.File), value), path.Clean(value)} {
			if r.src.IsDir(dir) {
				r.local(dir)
			}
		}
	}
}

// localPath returns the path in the app that a requirement names. It is empty for every other requirement. pip reads
// such a path relative to the working directory, not to the file that has it.
func localPath(requirement string) string {
	if _, url, ok := strings.Cut(requirement, " @ "); ok {
		requirement = url
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(firstWord(requirement), "file:"), "[")
	if strings.Contains(word, "://") || strings.HasPrefix(word, "-") || word == "" {
		return ""
	}
	if p := path.Clean(word); !path.IsAbs(p) && (strings.Contains(word, "/") || strings.HasSuffix(word, ".whl") ||
		word == ".") {
		return p
	}
	return ""
}

// firstWord returns a text up to its first space, after trimming space from its beginning.
func firstWord(text string) string {
	text = strings.TrimSpace(text)
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		return text[:end]
	}
	return text
}
