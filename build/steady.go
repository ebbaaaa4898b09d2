package build

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// steady takes out of an environment what differs from build to build although the packages do not.
func steady(venv string) error {
	// uv notes the times of a local package's files. https://docs.astral.sh/uv/concepts/cache/#dynamic-metadata
	notes, err := filepath.Glob(filepath.Join(venv, "lib", "python3.*", "site-packages", "*.dist-info", "uv_cache.json"))
	if err != nil {
		return err
	}
	for _, note := range notes {
		record := filepath.Join(filepath.Dir(note), "RECORD")
		data, err := os.ReadFile(record)
		if err != nil {
			return err
		}
		lines := slices.DeleteFunc(bytes.SplitAfter(data, []byte("\n")), func(line []byte) bool { return bytes.Contains(line, []byte("/uv_cache.json,")) })
		if err := removeMatching(filepath.Dir(note), "RECORD", "uv_cache.json"); err != nil { // RECORD may be a link into uv's cache
			return err
		}
		if err := os.WriteFile(record, bytes.Join(lines, nil), 0o644); err != nil {
			return err
		}
	}
	// uv marks the folder as not for git; Tailwind takes such a mark as "do not look for class names in here".
	return removeMatching(venv, ".gitignore", "CACHEDIR.TAG", ".lock")
}

// leftovers are what setuptools leaves beside the sources of a local package. An environment that is reused leaves nothing,
// and the image's app must not depend on that.
func (b *builder) leftovers() (found []string) {
	dirs := []string{".", "src"}
	for _, local := range b.plan.Python.Sources.Local {
		dirs = append(dirs, local, path.Join(local, "src"))
	}
	for _, file := range b.plan.Python.Sources.Files {
		dirs = append(dirs, path.Dir(file), path.Join(path.Dir(file), "src"))
	}
	for _, dir := range dirs {
		entries, err := fs.ReadDir(b.source, dir)
		if err != nil {
			continue // it is not there, not in the app, or nothing could be left in it
		}
		for _, d := range entries {
			if d.Name() == "build" || strings.HasSuffix(d.Name(), ".egg-info") {
				found = append(found, path.Join(dir, d.Name()))
			}
		}
	}
	return found
}

func (b *builder) removeLeftovers(before []string) error {
	left := slices.DeleteFunc(b.leftovers(), func(name string) bool { return slices.Contains(before, name) })
	return b.removeFromApp(left...)
}

// escaped is a directory's name as part of a pattern of package path.
func escaped(dir string) string {
	var out []rune
	for _, r := range dir {
		if slices.Contains([]rune(`*?[\`), r) {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
