package layer

import (
	"fmt"
	"os"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// Record is a layer's metadata: what it was made from, what it is, and what was found on the way. The lifecycle returns
// it to the next build, for a launch layer from the label of the previous image.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-content-metadata-toml
type Record struct {
	Key   map[string]string // compared, see keyOf
	ID    string            // digest of the archive of the contents: equal IDs, equal bytes
	Size  string            // bytes of the contents' files, decimal
	Dirs  []string          // directories that the environment gets, as in run.Part: the same, whatever is unpacked
	Facts Facts
	BOM   []bom.Component // as bom.Merge returns them: a layer that is reused has its bill of materials too
}

// Prefixes of IDs whose contents no later build may use.
const (
	changedID  = "changed:"  // a step has changed them
	restoredID = "restored:" // a step had changed them, in a layer where that is undone
)

// altered returns why no later build may use the contents; empty if it may.
func (r Record) altered() string {
	if strings.HasPrefix(r.ID, changedID) || strings.HasPrefix(r.ID, restoredID) {
		return "a command of an earlier build had changed it"
	}
	return ""
}

// metadata returns the record as libcnb writes it into a layer's TOML file.
func (r Record) metadata() map[string]any {
	components := make([]any, 0, len(r.BOM)) // a nil list would not be written
	for _, c := range r.BOM {
		components = append(components, c.Text())
	}
	return map[string]any{
		"key": toAny(r.Key), "id": r.ID, "size": r.Size, "dirs": strings.Join(r.Dirs, " "), "facts": toAny(r.Facts),
		"bom": components,
	}
}

// toAny returns m in the type that the TOML encoder and libcnb use for tables.
func toAny[M ~map[string]string](m M) map[string]any {
	out := map[string]any{}
	for name, value := range m {
		out[name] = value
	}
	return out
}

// recordOf reads what metadata has written; nil: there is nothing. Other metadata, an older version's for example, are
// a record without a key, which equals no key.
func recordOf(metadata map[string]any) *Record {
	if len(metadata) == 0 {
		return nil
	}
	key, hasKey := metadata["key"].(map[string]any)
	id, hasID := metadata["id"].(string)
	facts, hasFacts := metadata["facts"].(map[string]any)
	dirs, hasDirs := metadata["dirs"].(string)
	components, hasBOM := metadata["bom"].([]any)
	if !hasKey || !hasID || !hasFacts || !hasDirs || !hasBOM {
		return &Record{}
	}
	size, _ := metadata["size"].(string)
	out := &Record{Key: toStrings(key), ID: id, Size: size, Dirs: strings.Fields(dirs), Facts: toStrings(facts)}
	for _, text := range components {
		out.BOM = append(out.BOM, bom.Parse(fmt.Sprint(text)))
	}
	return out
}

// readRecords returns the records of all layers that have one. What cannot be read or understood is a record without a
// key.
func readRecords(layers libcnb.Layers) map[string]*Record {
	entries, _ := os.ReadDir(layers.Path) // where there is nothing to read, nothing was restored
	found := map[string]*Record{}
	for _, entry := range entries {
		name, isRecord := strings.CutSuffix(entry.Name(), ".toml")
		if !isRecord {
			continue
		}
		layer, err := layers.Layer(name)
		if err != nil {
			found[name] = &Record{}
		} else if record := recordOf(layer.Metadata); record != nil {
			found[name] = record
		}
	}
	return found
}

// toStrings reverses toAny. Values of other types, which only another version can have written, become text.
func toStrings(m map[string]any) map[string]string {
	out := map[string]string{}
	for name, value := range m {
		out[name] = fmt.Sprint(value)
	}
	return out
}
