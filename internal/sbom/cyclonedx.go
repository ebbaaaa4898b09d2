package sbom

import (
	"bytes"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// CycloneDX returns the document in CycloneDX 1.6. A component that is only possible has the scope "optional".
// https://cyclonedx.org/docs/1.6/json/
func (d Document) CycloneDX() ([]byte, error) {
	components := []cdx.Component{}
	for _, c := range d.Components {
		components = append(components, cycloneComponent(c))
	}
	subject := cdx.Component{
		BOMRef: "subject", Type: cdx.ComponentTypeContainer, Name: d.Subject.Name, Version: d.Subject.Version,
		Properties: properties(named{"tandem:scope", string(d.Subject.Scope)},
			named{"tandem:revision", d.Subject.Revision}),
	}
	if d.Subject.Scope != Layer {
		subject.Type = cdx.ComponentTypeApplication
	}
	tool := cdx.Component{Type: cdx.ComponentTypeApplication, Name: "tandem", Version: d.Tool}
	out := cdx.BOM{
		JSONSchema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BOMFormat: cdx.BOMFormat,
		SpecVersion: cdx.SpecVersion1_6, Version: 1, SerialNumber: "urn:uuid:" + d.uuid(),
		Metadata: &cdx.Metadata{
			Component: &subject, Tools: &cdx.ToolsChoice{Components: &[]cdx.Component{tool}},
		},
		Components: &components,
	}
	var text bytes.Buffer
	err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).Encode(&out)
	return text.Bytes(), err
}

// cycloneComponent returns a component as CycloneDX describes it.
func cycloneComponent(c bom.Component) cdx.Component {
	kind, name, version := c.Name()
	out := cdx.Component{
		BOMRef: id(c), Type: cdx.ComponentTypeLibrary, Name: name, Version: version, Scope: cdx.ScopeRequired,
		PackageURL: c.PURL, CPE: c.CPE, Properties: properties(named{"tandem:evidence", string(c.Evidence)}),
	}
	if group, base, scoped := strings.Cut(name, "/"); scoped {
		out.Group, out.Name = group, base
	}
	if typeOf(kind).syft == "binary" {
		out.Type = cdx.ComponentTypeApplication
	}
	if !c.Evidence.Certain() {
		out.Scope = cdx.ScopeOptional
	}
	if algorithm, digits := checksum(c); digits != "" {
		name := strings.Replace(strings.ToUpper(algorithm), "SHA", "SHA-", 1)
		out.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgorithm(name), Value: digits}}
	}
	switch {
	case c.License == "":
	case expression(c.License):
		out.Licenses = &cdx.Licenses{{Expression: c.License}}
	default:
		out.Licenses = &cdx.Licenses{{License: &cdx.License{Name: c.License}}}
	}
	if len(c.Places) > 0 {
		var found []cdx.EvidenceOccurrence
		for _, place := range c.Places {
			found = append(found, cdx.EvidenceOccurrence{Location: place})
		}
		out.Evidence = &cdx.Evidence{Occurrences: &found}
	}
	return out
}

// named is a value of a document with its name.
type named struct{ name, value string }

// properties returns the values that are not empty; nil if all are.
func properties(all ...named) *[]cdx.Property {
	var out []cdx.Property
	for _, one := range all {
		if one.value != "" {
			out = append(out, cdx.Property{Name: one.name, Value: one.value})
		}
	}
	if out == nil {
		return nil
	}
	return &out
}
