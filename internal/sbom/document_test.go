package sbom

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	spdx "github.com/spdx/tools-golang/json"

	tandem "github.com/tandem-cnb/tandem"
	"github.com/tandem-cnb/tandem/internal/bom"
)

var update = flag.Bool("update", false, "write the documents")

// sample has a component of each kind, as the documents of a layer, of an image and of a build have them.
func sample() Document {
	return Document{
		Tool: "1.2.3",
		Subject: Subject{
			Name: "shop", Version: "2.0", Revision: "0123456789012345678901234567890123456789", Scope: Image,
		},
		Components: bom.Merge([]bom.Component{
			{
				PURL: "pkg:generic/python@3.13.9?arch=amd64", CPE: "cpe:2.3:a:python:python:3.13.9:*:*:*:*:*:*:*",
				License: "PSF-2.0", Checksum: "sha256:" + strings.Repeat("0a", 32), Evidence: bom.Installed,
				Places: []string{"/layers/tandem_python-node/python"},
			},
			{PURL: "pkg:pypi/django@5.2", License: "BSD-3-Clause", Evidence: bom.Installed},
			{PURL: "pkg:pypi/odd@1", License: "<b>MIT license\"\\</b> \u2028", Evidence: bom.Installed},
			{PURL: "pkg:pypi/own@1", License: "LicenseRef-own", Evidence: bom.Installed},
			{PURL: "pkg:pypi/unversioned", Evidence: bom.Installed},
			{
				PURL: "pkg:npm/%40vue/shared@3.5.0", License: "MIT OR Apache-2.0", Evidence: bom.SourceMap,
				Places: []string{"/workspace/static/app.js.map", "/workspace/static/b.js.map"},
			},
			{
				PURL: "pkg:npm/ms@2.1.3", Evidence: bom.Possible, Checksum: "sha512:" + strings.Repeat("0b", 64),
				Places: []string{"/workspace/node_modules/ms"},
			},
			{PURL: "pkg:deb/ubuntu/libpq5@16.10-0ubuntu0.24.04.1", Evidence: bom.Installed},
		}),
	}
}

func TestDocuments(t *testing.T) {
	for _, format := range Formats() {
		got, err := format.Write(sample())
		var pretty bytes.Buffer
		if err == nil {
			err = json.Indent(&pretty, got, "", "  ")
		}
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", "launch"+format.Ext)
		if *update {
			if err := os.WriteFile(file, pretty.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if diff := cmp.Diff(string(want), pretty.String()); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", file, err, diff)
		}
	}
}

// Without components a document is valid too: lists are empty, not null.
func TestEmptyDocuments(t *testing.T) {
	for _, format := range Formats() {
		got, err := format.Write(Document{Subject: Subject{Name: "app", Scope: Build}})
		if err != nil || bytes.Contains(got, []byte("null")) || !json.Valid(got) {
			t.Errorf("%v: %s", err, got)
		}
	}
}

// Every part of a document is a part of its number.
func TestTheNumberOfADocument(t *testing.T) {
	numbers := map[string]bool{sample().uuid(): true}
	for _, change := range []func(*Document){
		func(d *Document) { d.Tool = "2" }, func(d *Document) { d.Subject.Name = "x" },
		func(d *Document) { d.Subject.Version = "x" }, func(d *Document) { d.Subject.Revision = "x" },
		func(d *Document) { d.Subject.Scope = Build }, func(d *Document) { d.Components = d.Components[1:] },
		func(d *Document) { d.Components[0].License = "x" },
	} {
		d := sample()
		d.Components = slices.Clone(d.Components)
		change(&d)
		numbers[d.uuid()] = true
	}
	first, second := sample(), sample()
	if len(numbers) != 8 || first.uuid() != second.uuid() {
		t.Errorf("%d numbers", len(numbers))
	}
}

// SPDX's own reader accepts the document.
func TestSPDXIsRead(t *testing.T) {
	text, err := sample().SPDX()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spdx.Read(bytes.NewReader(text)); err != nil {
		t.Error(err)
	}
}

func TestExpressions(t *testing.T) {
	for license, want := range map[string]bool{
		"MIT": true, "MIT OR Apache-2.0": true, "(MIT AND ISC)": true,
		"GPL-2.0-only WITH Classpath-exception-2.0": true,
		"BSD": false, "MIT License": false, "LicenseRef-x": false, "": false, "SEE LICENSE IN x": false, "((": false,
		strings.Repeat("(", 10_000): false,
	} {
		if expression(license) != want {
			t.Errorf("%.30q: %v", license, !want)
		}
	}
}

// The lifecycle refuses documents in a format that buildpack.toml does not declare.
func TestTheFormatsAreDeclared(t *testing.T) {
	var declared struct {
		Buildpack struct {
			Formats []string `toml:"sbom-formats"`
		}
	}
	if err := toml.Unmarshal(tandem.Descriptor, &declared); err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, format := range Formats() {
		written = append(written, format.Media)
	}
	if diff := cmp.Diff(written, declared.Buildpack.Formats); diff != "" {
		t.Errorf("(-written +declared):\n%s", diff)
	}
}
