package python

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// ofVenv matches the files that make an environment, before any package is in it. No RECORD has them. uv venv creates
// them, with the links to the interpreter. https://docs.python.org/3/library/venv.html#how-venvs-work
func ofVenv() *regexp.Regexp {
	return regexp.MustCompile(`^(pyvenv\.cfg|lib64|` +
		`bin/(python(3(\.\d+t?)?)?|(de)?activate(\.\w+|_this\.py)?|pydoc\.bat)|` +
		`lib/python3\.\d+t?/site-packages/(_virtualenv|` + findsModule + `)\.(py|pth))$`)
}

// unrecorded returns why an environment must not be updated in place: it has a file of which no package's RECORD
// knows. An installation leaves such files where they are, whoever has written them. "": there is none.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
func unrecorded(venv string) (reason string, err error) {
	recorded, err := recordedFiles(venv)
	if err != nil {
		return "", err
	}
	known := ofVenv()
	err = filepath.WalkDir(venv, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == app.ByteCodeDir:
			return fs.SkipDir
		case d.IsDir(), d.Name() == app.ByteCodeDir: // a directory or a link that an update removes first
			return nil
		}
		name, err := filepath.Rel(venv, file)
		if err != nil {
			return err
		}
		if recorded[name] || known.MatchString(name) {
			return nil
		}
		reason = show.Name(name) + " belongs to no package"
		return fs.SkipAll
	})
	return reason, err
}

// recordedFiles returns what the RECORD files of an environment name, relative to it. An entry is absolute, or relative
// to the directory of the packages: programs are above it.
func recordedFiles(venv string) (map[string]bool, error) {
	all := map[string]bool{}
	records, err := filepath.Glob(filepath.Join(sitePackages(venv), "*.dist-info", "RECORD"))
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		entries, err := recordEntries(record)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			name := entry[0]
			if !filepath.IsAbs(name) {
				name = filepath.Join(filepath.Dir(filepath.Dir(record)), name)
			}
			if inside, err := filepath.Rel(venv, name); err == nil {
				all[inside] = true
			}
		}
	}
	return all, nil
}

// maxRecord bounds a RECORD, in bytes: that of a package with 20,000 files has 2 MB.
const maxRecord = 16 << 20

// readRecord returns a RECORD. A package may have put a pipe there, or a link to a device without an end.
func readRecord(file string) ([]byte, error) { return tree.ReadFile(file, maxRecord) }

// recordEntries returns the entries of a RECORD: a path, and perhaps a digest and a size.
func recordEntries(file string) ([][]string, error) {
	data, err := readRecord(file)
	if err != nil {
		return nil, err
	}
	lines := csv.NewReader(bytes.NewReader(data))
	lines.FieldsPerRecord, lines.LazyQuotes = -1, true
	entries, err := lines.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read RECORD: %w", err)
	}
	return entries, nil
}
