// Package sbom writes bills of materials as CycloneDX, SPDX and Syft documents. It finds no software.
package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/purl"
)

// Document is a bill of materials. Equal documents are written as equal bytes: without a time and without random
// numbers.
type Document struct {
	Subject    Subject
	Tool       string          // version of Tandem, which writes the document
	Components []bom.Component // as bom.Merge returns them
}

// Subject names the layer or the app that a document describes.
type Subject struct {
	Name     string // of the layer or of the app
	Version  string // of the app; empty if it declares none
	Revision string // commit of the app's source; empty if it is not known
	Scope    Scope
}

// Scope is the part of the result that a document is about.
type Scope string

// The scopes, as documents name them.
const (
	Layer Scope = "layer"
	Image Scope = "image"
	Build Scope = "build"
)

// Format is a format of documents.
type Format struct {
	Media string // for sbom-formats in buildpack.toml
	Ext   string // of the file, after the name of the layer
	Write func(Document) ([]byte, error)
}

// Formats returns the formats that a buildpack may write.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#bill-of-materials-formats
func Formats() []Format {
	return []Format{
		{"application/vnd.cyclonedx+json", ".sbom.cdx.json", Document.CycloneDX},
		{"application/spdx+json", ".sbom.spdx.json", Document.SPDX},
		{"application/vnd.syft+json", ".sbom.syft.json", Document.Syft},
	}
}

// digest returns 64 hexadecimal digits that are the same for equal documents alone.
func (d Document) digest() string {
	sum := sha256.New()
	for _, text := range []string{
		d.Subject.Name, d.Subject.Version, d.Subject.Revision, string(d.Subject.Scope), d.Tool,
	} {
		sum.Write([]byte(text + "\n"))
	}
	for _, c := range d.Components {
		sum.Write([]byte(c.Text() + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// uuid returns the digest in the form of a UUID of version 8, which is for numbers of one's own.
// https://www.rfc-editor.org/rfc/rfc9562#section-5.8
func (d Document) uuid() string {
	hash := d.digest()
	return hash[:8] + "-" + hash[8:12] + "-8" + hash[13:16] + "-a" + hash[17:20] + "-" + hash[20:32]
}

// id returns a short name of a component that is unique in its document, of hexadecimal digits.
func id(c bom.Component) string {
	sum := sha256.Sum256([]byte(c.PURL))
	return hex.EncodeToString(sum[:8])
}

// expression reports whether a license is an SPDX expression that readers without other texts understand.
func expression(license string) bool {
	if strings.Contains(license, "Ref-") {
		return false
	}
	valid, _ := spdxexp.ValidateLicenses([]string{license})
	return valid
}

// nameOf returns the type of a component's package URL, its name and its version. Unlike a scope of npm, a distribution
// of Debian is not a part of the name.
func nameOf(c bom.Component) (kind, name, version string) {
	kind, name, version = c.Name()
	if kind == purl.Debian {
		name = path.Base(name)
	}
	return kind, name, version
}

// checksum returns the algorithm and the digits of a checksum.
func checksum(c bom.Component) (algorithm, digits string) {
	algorithm, digits, _ = strings.Cut(c.Checksum, ":")
	return algorithm, digits
}

// typed describes how documents name the packages of a type of package URL.
type typed struct{ syft, language string }

// typeOf returns it for a type. Runtimes and programs are binaries.
func typeOf(kind string) typed {
	switch kind {
	case purl.PyPI:
		return typed{"python", "python"}
	case purl.NPM:
		return typed{"npm", "javascript"}
	case purl.Debian:
		return typed{syft: "deb"}
	}
	return typed{syft: "binary"}
}
