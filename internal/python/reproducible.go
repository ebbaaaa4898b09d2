package python

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/secret"
)

// makeReproducible removes from an environment what differs from build to build although the packages do not. So a
// layer of the same packages has the same ID, and the image keeps its own. Byte code is compiled later: see bytecode.
func makeReproducible(venv string) error {
	sites := filepath.Join(sitePackages(venv), "*.dist-info")
	// uv notes the times of a local package's files. https://docs.astral.sh/uv/concepts/cache/#dynamic-metadata
	notes, err := filepath.Glob(filepath.Join(sites, "uv_cache.json"))
	if err != nil {
		return err
	}
	for _, note := range notes {
		if err := errors.Join(os.Remove(note), editRecord(note, "")); err != nil {
			return err
		}
	}
	addresses, err := filepath.Glob(filepath.Join(sites, "direct_url.json"))
	if err != nil {
		return err
	}
	for _, file := range addresses {
		if err := cutAddress(file); err != nil {
			return err
		}
	}
	// uv writes a .gitignore into the directory, and Tailwind does not look for class names in ignored directories. pip
	// and Poetry keep clones of editable packages in src. Their .git differs each time, and has the URL with its
	// credentials.
	return layer.RemoveMatching(venv, ".gitignore", "CACHEDIR.TAG", ".lock", "src/*/.git")
}

// cutAddress removes credentials from the URL that a package was installed from. uv and pip keep the query, and the
// values of variables. https://packaging.python.org/en/latest/specifications/direct-url/
func cutAddress(file string) error {
	if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
		return err
	}
	data, err := readRecord(file)
	if err != nil {
		return err
	}
	var content map[string]any
	_ = json.Unmarshal(data, &content) // without a URL in it, the whole text is searched for some
	cut := []byte(secret.Public(string(data)))
	if address, ok := content["url"].(string); ok {
		if content["url"] = secret.PublicURL(address); content["url"] == address {
			return nil
		}
		if cut, err = json.Marshal(content); err != nil {
			return err
		}
	}
	// The file may be a link into uv's cache, and so may RECORD.
	if err := errors.Join(os.Remove(file), os.WriteFile(file, cut, 0o644)); err != nil {
		return err
	}
	sum := sha256.Sum256(cut)
	return editRecord(file, fmt.Sprintf(",sha256=%s,%d", base64.RawURLEncoding.EncodeToString(sum[:]), len(cut)))
}

// editRecord changes the entry of file in the RECORD of the same directory. entry has the new hash and size; if it is
// empty, the entry is removed.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
func editRecord(file, entry string) error {
	record := filepath.Join(filepath.Dir(file), "RECORD")
	data, err := readRecord(record)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var lines []byte
	for line := range bytes.Lines(data) {
		name, _, found := bytes.Cut(line, []byte("/"+filepath.Base(file)+","))
		switch {
		case !found:
			lines = append(lines, line...)
		case entry != "":
			lines = fmt.Appendf(lines, "%s/%s%s\n", name, filepath.Base(file), entry)
		}
	}
	return errors.Join(os.Remove(record), os.WriteFile(record, lines, 0o644))
}

// leftovers returns what setuptools leaves next to the sources of a local package: the directories build and
// *.egg-info. An environment that is reused leaves nothing, and the image's app must not depend on that.
func (in In) leftovers() (found []app.Path) {
	dirs := []string{".", "src"}
	for _, local := range in.Plan.Python.Sources.Local {
		dirs = append(dirs, local, path.Join(local, "src"))
	}
	for _, file := range in.Plan.Python.Sources.Files {
		dirs = append(dirs, path.Dir(file), path.Join(path.Dir(file), "src"))
	}
	for _, dir := range dirs {
		entries, err := fs.ReadDir(in.Source, dir)
		if err != nil {
			continue // it is not there, not in the app, or nothing could be left in it
		}
		for _, d := range entries {
			if d.Name() == "build" || strings.HasSuffix(d.Name(), ".egg-info") {
				if p, err := app.In(dir, d.Name()); err == nil {
					found = append(found, p)
				}
			}
		}
	}
	return found
}

// removeLeftovers removes what an installation has left. before has what the app had itself, which stays.
func (in In) removeLeftovers(before []app.Path) error {
	left := slices.DeleteFunc(in.leftovers(), func(p app.Path) bool { return slices.Contains(before, p) })
	return in.Tree.Remove(left...)
}
