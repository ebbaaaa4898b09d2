package layer

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Record is a layer's metadata: what it was made from, what it is and what was found on the way.
type Record struct {
	Key   map[string]string // compared
	ID    string            // digest of the archive of the contents: equal ids, equal bytes
	Size  string            // bytes of the contents' files, decimal
	Facts Facts
}

// What an ID begins with if no later build may use the contents: a step has changed them, or had, in a layer that must
// not be changed, or nobody could compare them.
const (
	changedID    = "changed:"
	restoredID   = "restored:"
	uncomparedID = "uncompared:"
)

// altered returns why no later build may use the contents; empty if it may.
func (r Record) altered() string {
	switch {
	case strings.HasPrefix(r.ID, changedID), strings.HasPrefix(r.ID, restoredID):
		return "a command of an earlier build had changed it"
	case strings.HasPrefix(r.ID, uncomparedID):
		return "an earlier build could not compare it with what it was made from"
	}
	return ""
}

// keyOf turns a key struct into names and values. The names are the struct's json tags, made to be read by the user.
func keyOf(key any) (map[string]string, error) {
	data, err := json.Marshal(key)
	if err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	out := map[string]string{}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("key %T is not a struct of strings: %w", key, err)
	}
	return out, nil
}

// reasons says in which ways the keys differ, one phrase each, sorted; none: they are equal.
func reasons(was, is map[string]string) (out []string) {
	if len(was) == 0 {
		return []string{"what is kept has no record that this version can read"}
	}
	names := maps.Clone(is)
	maps.Copy(names, was)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, known := was[name]
		after, wanted := is[name]
		switch {
		case known && wanted && before == after:
		case strings.HasPrefix(before+after, "sha256:"), !known, !wanted:
			out = append(out, "the "+name+" changed")
		default:
			out = append(out, fmt.Sprintf("the %s changed from %s to %s", name, show.Value(before), show.Value(after)))
		}
	}
	return out
}

// onlyDiffers tells whether the keys are equal but for the field name.
func onlyDiffers(was, is map[string]string, name string) bool {
	if len(was) == 0 {
		return false
	}
	without := maps.Clone(was)
	without[name] = is[name]
	return len(reasons(without, is)) == 0
}

// metadata is the record as libcnb writes it into a layer's TOML file.
func (r Record) metadata() map[string]any {
	return map[string]any{"key": toAny(r.Key), "id": r.ID, "size": r.Size, "facts": toAny(r.Facts)}
}

func toAny[M ~map[string]string](m M) map[string]any {
	out := map[string]any{}
	for name, value := range m {
		out[name] = value
	}
	return out
}

// recordOf reads what metadata wrote; nil: there is nothing. Anything else, an older version's metadata for example, is a
// record without a key, which is equal to none.
func recordOf(metadata map[string]any) *Record {
	if len(metadata) == 0 {
		return nil
	}
	key, hasKey := metadata["key"].(map[string]any)
	id, hasID := metadata["id"].(string)
	facts, hasFacts := metadata["facts"].(map[string]any)
	if !hasKey || !hasID || !hasFacts {
		return &Record{}
	}
	size, _ := metadata["size"].(string)
	return &Record{Key: toStrings(key), ID: id, Size: size, Facts: toStrings(facts)}
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

func toStrings(m map[string]any) map[string]string {
	out := map[string]string{}
	for name, value := range m {
		out[name] = fmt.Sprint(value)
	}
	return out
}
