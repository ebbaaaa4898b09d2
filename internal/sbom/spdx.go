package sbom

import (
	"bytes"
	"strings"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// created is the time that SPDX requires. It is the time that the lifecycle gives to images.
// https://buildpacks.io/docs/for-app-developers/concepts/reproducibility/
const created = "1980-01-01T00:00:01Z"

// unknown is SPDX's word for what a document does not state.
const unknown = "NOASSERTION"

// SPDX returns the document in SPDX 2.3. The comment of a package names the evidence.
// https://spdx.github.io/spdx-spec/v2.3/
func (d Document) SPDX() ([]byte, error) {
	subject := &v2_3.Package{
		PackageName: d.Subject.Name, PackageVersion: d.Subject.Version, PackageSPDXIdentifier: "Subject",
		PackageDownloadLocation: unknown, PrimaryPackagePurpose: "CONTAINER",
		PackageComment: comment(named{"scope", string(d.Subject.Scope)}, named{"revision", d.Subject.Revision}),
	}
	if d.Subject.Scope != Layer {
		subject.PrimaryPackagePurpose = "APPLICATION"
	}
	out := v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT",
		DocumentName: d.Subject.Name, DocumentNamespace: "https://github.com/tandem-cnb/tandem/sbom/" + d.uuid(),
		CreationInfo: &v2_3.CreationInfo{
			Created: created, Creators: []common.Creator{{CreatorType: "Tool", Creator: "tandem-" + d.Tool}},
		},
		Packages:      []*v2_3.Package{subject},
		Relationships: []*v2_3.Relationship{related("DOCUMENT", common.TypeRelationshipDescribe, "Subject")},
	}
	for _, c := range d.Components {
		p := spdxPackage(c)
		out.Packages = append(out.Packages, p)
		out.Relationships = append(out.Relationships,
			related("Subject", common.TypeRelationshipContains, p.PackageSPDXIdentifier))
	}
	var text bytes.Buffer
	err := json.Write(out, &text)
	return text.Bytes(), err
}

// related returns the relationship of two elements of a document.
func related(of common.ElementID, how string, to common.ElementID) *v2_3.Relationship {
	return &v2_3.Relationship{
		RefA: common.DocElementID{ElementRefID: of}, RefB: common.DocElementID{ElementRefID: to}, Relationship: how,
	}
}

// spdxPackage returns a component as SPDX describes it.
func spdxPackage(c bom.Component) *v2_3.Package {
	kind, name, version := nameOf(c)
	out := &v2_3.Package{
		PackageName: name, PackageVersion: version, PackageSPDXIdentifier: common.ElementID(id(c)),
		PackageDownloadLocation: unknown, PrimaryPackagePurpose: "LIBRARY", PackageLicenseDeclared: unknown,
		PackageSourceInfo: strings.Join(c.Places, ", "), PackageComment: comment(named{"evidence", string(c.Evidence)}),
		PackageExternalReferences: []*v2_3.PackageExternalReference{{
			Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL, Locator: c.PURL,
		}},
	}
	if typeOf(kind).syft == "binary" {
		out.PrimaryPackagePurpose = "APPLICATION"
	}
	if c.CPE != "" {
		out.PackageExternalReferences = append(out.PackageExternalReferences, &v2_3.PackageExternalReference{
			Category: common.CategorySecurity, RefType: common.TypeSecurityCPE23Type, Locator: c.CPE,
		})
	}
	if algorithm, digits := checksum(c); digits != "" {
		out.PackageChecksums = []common.Checksum{{
			Algorithm: common.ChecksumAlgorithm(strings.ToUpper(algorithm)), Value: digits,
		}}
	}
	switch {
	case c.License == "":
	case expression(c.License):
		out.PackageLicenseDeclared = c.License
	default:
		out.PackageLicenseComments = c.License
	}
	return out
}

// comment returns the values that are not empty, with their names: "evidence: installed".
func comment(all ...named) string {
	var lines []string
	for _, one := range all {
		if one.value != "" {
			lines = append(lines, one.name+": "+one.value)
		}
	}
	return strings.Join(lines, ", ")
}
