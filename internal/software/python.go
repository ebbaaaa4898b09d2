// Package software reads which packages are installed in a directory. It runs nothing. The files that it reads come
// from the packages, so that all of them are bounded, and none is trusted.
package software

import (
	"bufio"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/purl"
)

// maxText bounds a text that a package declares, in bytes.
const maxText = 200

// maxHeader bounds what is read of the metadata of a Python package, in bytes. Its description follows the fields.
const maxHeader = 64 << 10

// Python returns the distributions in the directories of fsys that the pattern sites matches.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func Python(fsys fs.FS, sites string) (found []bom.Component, err error) {
	dirs, err := fs.Glob(fsys, path.Join(sites, "*-info"))
	if err != nil {
		return nil, err
	}
	info := regexp.MustCompile(`^(.+?)-([^-]+)(?:-py\d[\d.]*)?\.(?:dist|egg)-info$`)
	for _, dir := range dirs {
		if m := info.FindStringSubmatch(path.Base(dir)); m != nil {
			found = append(found, bom.Component{
				PURL:    purl.Of(purl.PyPI, manager.Normal(text(m[1])), text(m[2])),
				License: pythonLicense(fsys, dir), Evidence: bom.Installed,
			})
		}
	}
	return found, nil
}

// pythonLicense returns the license in the metadata of a distribution; empty if there is none that can be read.
// https://packaging.python.org/en/latest/specifications/core-metadata/#license-expression
func pythonLicense(fsys fs.FS, dir string) (license string) {
	file := open(fsys, path.Join(dir, "METADATA"))
	if file == nil {
		file = open(fsys, path.Join(dir, "PKG-INFO"))
	}
	if file == nil {
		return ""
	}
	defer file.Close()
	classifier := ""
	lines := bufio.NewScanner(io.LimitReader(file, maxHeader))
	lines.Buffer(nil, maxHeader)
	for lines.Scan() && strings.TrimSpace(lines.Text()) != "" { // the description follows an empty line
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "license-expression":
			return text(value)
		case "license":
			license = text(value)
		case "classifier":
			if last := strings.LastIndex(value, "::"); strings.HasPrefix(value, "License ::") && classifier == "" {
				classifier = text(strings.TrimSpace(value[last+2:]))
			}
		}
	}
	if license == "" || strings.EqualFold(license, "unknown") {
		return classifier
	}
	return license
}

// open opens a regular file; nil if it cannot. Opening a pipe would wait for a writer.
func open(fsys fs.FS, name string) fs.File {
	if info, err := fs.Lstat(fsys, name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	return file
}

// text returns what a package declares as one short line of valid UTF-8.
func text(value string) string {
	value = strings.Join(strings.Fields(strings.ToValidUTF8(value, "\uFFFD")), " ")
	value = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, value)
	if len(value) > maxText {
		value = strings.ToValidUTF8(value[:maxText], "") + "…"
	}
	return value
}
