package app

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// uploaded finds node_modules and virtual environments of the machine that the source came from, at most two folders deep.
func (r *reader) uploaded() (found []string) {
	r.walk(2, func(p string, d fs.DirEntry) bool {
		if !d.IsDir() || d.Name() != "node_modules" && !r.exists(path.Join(p, "pyvenv.cfg")) {
			return true
		}
		found = append(found, p)
		return false
	})
	return found
}

// NodeModules finds the folders of that name at most four folders deep: after a build, those that a step of the app has installed by itself.
func NodeModules(fsys fs.FS) (found []string) {
	r := &reader{fsys: fsys}
	r.walk(4, func(p string, d fs.DirEntry) bool {
		if d.IsDir() && d.Name() == "node_modules" {
			found = append(found, p)
		}
		return !notSource(d.Name())
	})
	return found
}

// private finds what hardly ever should be in an image. https://pages.nist.gov/800-190 4.1.4 (embedded secrets)
func (r *reader) private(uploaded []string) (found []string) {
	r.walk(3, func(p string, d fs.DirEntry) bool {
		switch name := d.Name(); {
		case d.IsDir() && name == ".git":
			found = append(found, p+"/")
			return false
		case d.IsDir():
			return !notSource(name) && !slices.Contains(uploaded, p)
		case isPrivate(name):
			found = append(found, p)
		}
		return true
	})
	return found
}

// links finds symbolic links into a node_modules: they hold while it is there, during the build.
func (r *reader) links() (found []string) {
	r.walk(6, func(p string, d fs.DirEntry) bool {
		if d.Type()&fs.ModeSymlink != 0 {
			if target, err := fs.ReadLink(r.fsys, p); err == nil && slices.Contains(strings.Split(target, "/"), "node_modules") {
				found = append(found, p)
			}
		}
		return !notSource(d.Name())
	})
	return found
}

var shared = regexp.MustCompile(`example|sample|template|dist|test|ci`)

var database = regexp.MustCompile(`\.(sqlite3?|db)$`)

// isPrivate knows file names only; .env.example and the like are made to be shared.
func isPrivate(name string) bool {
	switch {
	case name == ".env", strings.HasPrefix(name, ".env.") && !shared.MatchString(name):
		return true
	case strings.HasPrefix(name, "id_") && !strings.HasSuffix(name, ".pub") && !strings.Contains(name, "."):
		return slices.Contains([]string{"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"}, name)
	case strings.HasSuffix(name, ".pem") && strings.Contains(name, "key"), strings.HasSuffix(name, ".key"), strings.HasSuffix(name, ".p12"):
		return true
	}
	return database.MatchString(name)
}

// walk visits what lies at most depth folders below the root; visit says whether to go into a folder.
func (r *reader) walk(depth int, visit func(p string, d fs.DirEntry) bool) {
	_ = fs.WalkDir(r.fsys, ".", func(p string, d fs.DirEntry, err error) error { // visit's only error is SkipDir
		switch {
		case err != nil && d != nil && d.IsDir():
			return fs.SkipDir // unreadable: nothing to find there
		case err != nil || p == ".":
			return nil
		}
		if into := visit(p, d); d.IsDir() && (!into || strings.Count(p, "/") >= depth) {
			return fs.SkipDir
		}
		return nil
	})
}

var commit = regexp.MustCompile(`^[0-9a-f]{40,64}$`)

// Revision is the commit that .git/HEAD stands for, "" when unknown. https://git-scm.com/docs/gitrepository-layout
func Revision(fsys fs.FS) string {
	r := &reader{fsys: fsys}
	head, _ := r.quiet(".git/HEAD")
	ref, symbolic := strings.CutPrefix(head, "ref: ")
	if symbolic && fs.ValidPath(ref) {
		var ok bool
		if head, ok = r.quiet(".git/" + ref); !ok {
			packed, _ := r.quiet(".git/packed-refs")
			for line := range strings.Lines(packed) {
				if sum, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name == ref {
					head = sum
				}
			}
		}
	}
	if !commit.MatchString(head) {
		return ""
	}
	return head
}

// quiet is a small file's text where it does not matter why there is none.
func (r *reader) quiet(name string) (string, bool) {
	info, err := fs.Stat(r.fsys, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxHook {
		return "", false
	}
	data, err := fs.ReadFile(r.fsys, name)
	return strings.TrimSpace(string(data)), err == nil
}
