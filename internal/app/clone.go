package app

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/git"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Clone describes the clone of git that is the source.
type Clone struct {
	Revision   string // the commit; "" if unknown
	HasTags    bool
	Tag        string   // a tag of the commit; "" if none is known
	Origin     string   // the URL of the remote, without credentials; "" if unknown
	Pointers   []string // files of which the source has only what Git LFS stores in git
	Submodules []Path   // whose directories are missing or empty
}

// readClone reads what is known of the clone. Pointers are searched last, as all small files are read for them.
func (r *reader) readClone() Clone {
	c := Clone{Revision: r.revision(), HasTags: r.hasTags(), Submodules: r.emptySubmodules()}
	if c.Revision != "" {
		c.Tag = r.tagOf(c.Revision)
	}
	config, _ := r.quiet(".git/config")
	c.Origin = git.Origin(config)
	return c
}

// hasTags reports whether the source has a clone with tags. https://git-scm.com/docs/gitrepository-layout
func (r *reader) hasTags() bool {
	packed, _ := r.quiet(".git/packed-refs")
	return r.exists(".git/HEAD") && (strings.Contains(packed, " refs/tags/") || len(r.list(".git/refs/tags")) > 0)
}

// tagOf returns a tag of a commit, the last one by name. Of annotated tags only those in packed-refs are known, where
// the next line begins with "^" and the commit. https://git-scm.com/docs/git-pack-refs
func (r *reader) tagOf(commit string) string {
	const tags = "refs/tags/"
	var found []string
	for _, d := range r.list(path.Join(".git", tags)) {
		if text, _ := r.quiet(path.Join(".git", tags, d.Name())); text == commit {
			found = append(found, d.Name())
		}
	}
	packed, _ := r.quiet(".git/packed-refs")
	last := ""
	for line := range strings.Lines(packed) {
		sum, ref, isRef := strings.Cut(strings.TrimSpace(line), " ")
		if isRef {
			last = ref
		}
		if name, isTag := strings.CutPrefix(last, tags); isTag && strings.TrimPrefix(sum, "^") == commit {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Max(found)
}

// emptySubmodules returns the directories of submodules that are missing or empty.
func (r *reader) emptySubmodules() (empty []Path) {
	text, _ := r.quiet(".gitmodules")
	for _, name := range git.Submodules(text) {
		if p, err := In(".", name); err == nil && len(r.list(string(p))) == 0 {
			empty = append(empty, p)
		}
	}
	return empty
}

// errPointer is the cause of an error about a file that is a pointer.
var errPointer = errors.New("a pointer of Git LFS")

// The size of a pointer in bytes: version, a digest of 64 digits, the size of the file.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
const (
	minPointer = 100
	maxPointer = 200
)

// isPointer reports whether a file has the text that Git LFS stores in git instead of the file.
func isPointer(data []byte) bool {
	return len(data) <= maxPointer && strings.HasPrefix(string(data), "version https://git-lfs")
}

// pointerError returns the error about a file that is a pointer.
func pointerError(name string) error {
	return &fail.Error{
		ID: "app/git-lfs", What: show.Name(name) + " is only a pointer of Git LFS", Err: errPointer,
		Why: "The source has the text that git stores instead of the file.",
		Fix: fail.Fix{fail.Say{Text: "Fetch the files before the build:"}, fail.Run{Command: "git lfs pull"}},
	}
}

// pointers returns the files that are pointers of Git LFS. It stops where the rest of limits.AllFiles is for files that
// matter.
func (r *reader) pointers() (found []string) {
	r.walk(limits.Levels, func(p string, d fs.DirEntry) bool {
		if !d.Type().IsRegular() || path.Ext(p) == ".py" { // Python files are in git, and were read already
			return !Skipped(d.Name(), ForTimes)
		}
		info, err := d.Info()
		if err != nil || info.Size() < minPointer || info.Size() > maxPointer {
			return true
		}
		if r.quiet(p); errors.Is(r.files[p].err, errPointer) {
			found = append(found, p)
		}
		return true
	})
	return found
}

// Project has the name and the version that the app declares. They are empty if it declares none.
type Project struct{ Name, Version string }

// ReadProject returns the name and the version in pyproject.toml or, without a name there, in package.json of the root.
// https://packaging.python.org/en/latest/specifications/pyproject-toml/#name
func ReadProject(fsys fs.FS) Project {
	r := newReader(fsys)
	var file struct {
		Project Project
		Tool    struct{ Poetry Project }
	}
	text, _ := r.quiet("pyproject.toml")
	_, _ = limits.DecodeTOML(text, &file) // the reader of the packages reports what is wrong with it
	if p := file.Project; p.Name != "" || file.Tool.Poetry.Name != "" {
		return Project{cmp.Or(p.Name, file.Tool.Poetry.Name), cmp.Or(p.Version, file.Tool.Poetry.Version)}
	}
	var pkg Project
	text, _ = r.quiet("package.json")
	if json.Unmarshal([]byte(text), &pkg) != nil {
		return Project{}
	}
	return pkg
}
