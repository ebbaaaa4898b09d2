package python

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// ofVenv matches the files that make an environment, before any package is in it. No RECORD has them.
func ofVenv() *regexp.Regexp {
	return regexp.MustCompile(`^(pyvenv\.cfg|lib64|` +
		`bin/(python(3(\.\d+t?)?)?|(de)?activate(\.\w+|_this\.py)?|pydoc\.bat)|` +
		`lib/python3\.\d+t?/site-packages/_virtualenv\.(py|pth))$`)
}

// unrecorded returns why an environment must not be brought up to date: it has a file of which no package's RECORD
// knows. An installation leaves such files where they are, whoever has written them. "": there is none.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
func unrecorded(venv string) (reason string, err error) {
	recorded, err := recordedFiles(venv)
	if err != nil {
		return "", err
	}
	known := ofVenv()
	err = filepath.WalkDir(venv, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(venv, file)
		if err != nil {
			return err
		}
		for _, file := range []string{name, sourceOf(name)} {
			if recorded[file] || known.MatchString(file) {
				return nil
			}
		}
		reason = show.Name(name) + " belongs to no package"
		return fs.SkipAll
	})
	return reason, err
}

// recordedFiles returns what the RECORD files of an environment name, relative to it.
func recordedFiles(venv string) (map[string]bool, error) {
	all := map[string]bool{}
	records, err := filepath.Glob(filepath.Join(sitePackages(venv), "*.dist-info", "RECORD"))
	for _, record := range records {
		data, reading := readRecord(record)
		if reading != nil {
			return nil, reading
		}
		packages, outside := filepath.Rel(venv, filepath.Dir(filepath.Dir(record)))
		err = errors.Join(err, outside, eachRecorded(data, func(name string) {
			if filepath.IsAbs(name) {
				if inside, err := filepath.Rel(venv, name); err == nil {
					all[inside] = true
				}
				return
			}
			all[path.Join(filepath.ToSlash(packages), name)] = true
		}))
	}
	return all, err
}

// maxRecord bounds a RECORD, in bytes: that of a package with 20,000 files has 2 MB.
const maxRecord = 16 << 20

// readRecord returns a RECORD. A package may have put a pipe there, or a link to a device without an end.
func readRecord(file string) ([]byte, error) { return tree.ReadFile(file, maxRecord) }

// eachRecorded calls do for each file of a RECORD.
func eachRecorded(record []byte, do func(name string)) error {
	lines := csv.NewReader(bytes.NewReader(record))
	lines.FieldsPerRecord, lines.ReuseRecord, lines.LazyQuotes = -1, true, true
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read RECORD: %w", err)
		}
		do(fields[0])
	}
}
