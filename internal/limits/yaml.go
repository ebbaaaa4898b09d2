package limits

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// maxFields bounds the keys of one mapping: the decoder compares each with all others.
const maxFields = 2000

// DecodeYAML is like yaml.Unmarshal, with a limit for the size of mappings.
func DecodeYAML(text string, into any) error {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return err
	}
	if document.Kind == 0 { // the text is empty
		return nil
	}
	if err := checkMappings(&document); err != nil {
		return err
	}
	return document.Decode(into)
}

// checkMappings returns an error with the line of a mapping that is too large. The parser limits the depth.
func checkMappings(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode && len(node.Content)/2 > maxFields {
		return fmt.Errorf("line %d: a mapping has more than %d keys", node.Line, maxFields)
	}
	for _, child := range node.Content { // the target of an alias is elsewhere in the document
		if err := checkMappings(child); err != nil {
			return err
		}
	}
	return nil
}
