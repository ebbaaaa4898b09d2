package limits

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// maxFields bounds the keys of one mapping: the decoder compares each with all others.
const maxFields = 2000

// DecodeYAML is yaml.Unmarshal for a text whose mappings are of a size that somebody writes.
func DecodeYAML(text string, into any) error {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return err
	}
	if document.Kind == 0 { // the text is empty
		return nil
	}
	if err := narrow(&document); err != nil {
		return err
	}
	return document.Decode(into)
}

// narrow returns an error with the line of a mapping that is too large. The parser bounds the depth.
func narrow(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode && len(node.Content)/2 > maxFields {
		return fmt.Errorf("line %d: a mapping has more than %d keys", node.Line, maxFields)
	}
	for _, child := range node.Content { // what an alias stands for is somewhere else in the document
		if err := narrow(child); err != nil {
			return err
		}
	}
	return nil
}
