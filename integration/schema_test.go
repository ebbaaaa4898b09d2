package integration

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	generator "github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tandem-cnb/tandem/internal/explain"
	"github.com/tandem-cnb/tandem/internal/report"
)

// schemaOf returns the schema of a type of the code, which must be that of a file of docs/reference.
func schemaOf(t *testing.T, value any, file string) *validator.Schema {
	t.Helper()
	r := generator.Reflector{Anonymous: true, DoNotReference: true}
	got, err := json.MarshalIndent(r.Reflect(value), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	name := filepath.Join("../docs/reference", file)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if diff := cmp.Diff(string(want), string(got)); err != nil || diff != "" {
		t.Fatalf("%v, run this test with -update (-page +code):\n%s", err, diff)
	}
	schema, err := compiled(got)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The schema of tandem explain's JSON is that of the code, and the JSON of each example is valid.
func TestTheSchemaOfExplain(t *testing.T) {
	t.Parallel()
	schema := schemaOf(t, explain.Explanation{}, "explain.schema.json")
	examples, err := filepath.Glob("../internal/explain/testdata/examples/*.json")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, example := range examples {
		data, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(schema, data); err != nil {
			t.Errorf("%s: %v", example, err)
		}
	}
	if valid(schema, []byte(`{"schema": 2}`)) == nil {
		t.Error("an incomplete explanation is valid")
	}
}

func compiled(schema []byte) (*validator.Schema, error) {
	document, err := validator.UnmarshalJSON(bytes.NewReader(schema))
	c := validator.NewCompiler()
	if err := errors.Join(err, c.AddResource("explain.schema.json", document)); err != nil {
		return nil, err
	}
	return c.Compile("explain.schema.json")
}

func valid(schema *validator.Schema, data []byte) error {
	value, err := validator.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// The schema of a build's report is that of the code. A build in bom_test.go is compared with it.
func TestTheSchemaOfTheReport(t *testing.T) {
	t.Parallel()
	if valid(schemaOf(t, report.Build{}, "build-report.schema.json"), []byte(`{"schema": 1}`)) == nil {
		t.Error("an incomplete report is valid")
	}
}
