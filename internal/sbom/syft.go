package sbom

import (
	"encoding/json"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// syftSchema is the version of Syft's format that syft.go writes.
// https://github.com/anchore/syft/tree/main/schema/json
const syftSchema = "16.1.0"

// syftDocument has the fields of Syft's format that a buildpack can fill. Lists that are empty must be there.
type syftDocument struct {
	Artifacts     []syftArtifact `json:"artifacts"`
	Relationships []struct{}     `json:"artifactRelationships"`
	Source        syftSource     `json:"source"`
	Distro        struct{}       `json:"distro"`
	Descriptor    syftDescriptor `json:"descriptor"`
	Schema        struct {
		Version string `json:"version"`
		URL     string `json:"url"`
	} `json:"schema"`
}

// syftSource names the subject of a document.
type syftSource struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Version  string            `json:"version"`
	Type     string            `json:"type"`
	Metadata map[string]string `json:"metadata"`
}

// syftDescriptor names the program that has written a document.
type syftDescriptor struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// syftArtifact is a component.
type syftArtifact struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Version   string         `json:"version"`
	Type      string         `json:"type"`
	FoundBy   string         `json:"foundBy"`
	Locations []syftLocation `json:"locations"`
	Licenses  []syftLicense  `json:"licenses"`
	Language  string         `json:"language"`
	CPEs      []syftCPE      `json:"cpes"`
	PURL      string         `json:"purl"`
}

// syftLocation is a place. The annotation "evidence" is for people; its value is the component's evidence.
type syftLocation struct {
	Path        string            `json:"path"`
	AccessPath  string            `json:"accessPath"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// syftLicense is a declared license. The expression is empty if the value is not one.
type syftLicense struct {
	Value          string         `json:"value"`
	SPDXExpression string         `json:"spdxExpression"`
	Type           string         `json:"type"`
	URLs           []string       `json:"urls"`
	Locations      []syftLocation `json:"locations"`
}

// syftCPE is a name in databases of vulnerabilities, with who has determined it.
type syftCPE struct {
	CPE    string `json:"cpe"`
	Source string `json:"source,omitempty"`
}

// Syft returns the document in the JSON format of Syft.
func (d Document) Syft() ([]byte, error) {
	out := syftDocument{
		Artifacts: []syftArtifact{}, Relationships: []struct{}{},
		Source: syftSource{
			ID: d.digest(), Name: d.Subject.Name, Version: d.Subject.Version, Type: "directory",
			Metadata: map[string]string{"path": d.Subject.Name},
		},
		Descriptor: syftDescriptor{"tandem", d.Tool},
	}
	out.Schema.Version = syftSchema
	out.Schema.URL = "https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-" + syftSchema + ".json"
	for _, c := range d.Components {
		out.Artifacts = append(out.Artifacts, artifact(c))
	}
	text, err := json.Marshal(out)
	return append(text, '\n'), err
}

// artifact returns a component as Syft describes it.
func artifact(c bom.Component) syftArtifact {
	kind, name, version := nameOf(c)
	out := syftArtifact{
		ID: id(c), Name: name, Version: version, Type: typeOf(kind).syft, FoundBy: "tandem",
		Language: typeOf(kind).language, PURL: c.PURL,
		Locations: []syftLocation{}, Licenses: []syftLicense{}, CPEs: []syftCPE{},
	}
	for _, place := range c.Places {
		why := map[string]string{"evidence": string(c.Evidence)}
		out.Locations = append(out.Locations, syftLocation{place, place, why})
	}
	if c.CPE != "" {
		out.CPEs = append(out.CPEs, syftCPE{c.CPE, "declared"})
	}
	if c.License != "" {
		license := syftLicense{Value: c.License, Type: "declared", URLs: []string{}, Locations: []syftLocation{}}
		if expression(c.License) {
			license.SPDXExpression = c.License
		}
		out.Licenses = append(out.Licenses, license)
	}
	return out
}
