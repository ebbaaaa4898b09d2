package layer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/show"
)

// key describes what a layer is made from, field by field. It is compared with the key of a record.
type key struct {
	values map[string]string // by the name in the record
	words  map[string]string // what the log calls the field, by the same name
	start  string            // the name of the field that may change for old contents to be a start; "": none
}

// keyOf reads a struct of strings. Fields of embedded structs belong to the key. The tags of a field:
//
//   - json has its name in the record, as encoding/json reads it.
//   - say has its words in the log, which may change without creating a layer again.
//   - layer:"start" marks the one field that may change for old contents to be a start of new ones.
func keyOf(of any) (key, error) {
	k := key{values: map[string]string{}, words: map[string]string{}}
	v := reflect.ValueOf(of)
	if v.Kind() != reflect.Struct {
		return k, fmt.Errorf("the key %T is not a struct", of)
	}
	return k, k.add(v)
}

// add adds the fields of a struct. The error is a programming error: a field that is not a string, has no tags, or has
// the name of another one.
func (k *key) add(v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if err := k.add(v.Field(i)); err != nil {
				return err
			}
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		words, value := field.Tag.Get("say"), v.Field(i).String()
		_, twice := k.words[name]
		switch {
		case field.Type.Kind() != reflect.String || name == "" || words == "":
			return fmt.Errorf("the key's field %s is not a string with a name and words", field.Name)
		case twice:
			return fmt.Errorf("two fields of the key have the name %s", name)
		}
		k.words[name] = words
		if value != "" || options != "omitempty" {
			k.values[name] = value
		}
		if field.Tag.Get("layer") == "start" {
			if k.start != "" {
				return errors.New("two fields of the key are marked as start")
			}
			k.start = name
		}
	}
	return nil
}

// say returns the words for a field. Only the record of another version has fields that are not known.
func (k key) say(name string) string { return cmp.Or(k.words[name], name) }

// reasons returns how a recorded key differs from k, one phrase each, sorted; none: they are equal.
func (k key) reasons(was map[string]string) (out []string) {
	if len(was) == 0 {
		return []string{"what is kept has no record that this version can read"}
	}
	names := maps.Clone(k.values)
	maps.Copy(names, was)
	sorted := slices.SortedFunc(maps.Keys(names), func(a, b string) int { return cmp.Compare(k.say(a), k.say(b)) })
	for _, name := range sorted {
		before, known := was[name]
		after, wanted := k.values[name]
		switch {
		case known && wanted && before == after:
		case strings.HasPrefix(before+after, "sha256:"), !known, !wanted:
			out = append(out, "the "+k.say(name)+" changed")
		default:
			change := fmt.Sprintf("the %s changed from %s to %s", k.say(name), show.Value(before), show.Value(after))
			out = append(out, change)
		}
	}
	return out
}

// onlyStartDiffers reports whether a recorded key is equal except for the field marked as start.
func (k key) onlyStartDiffers(was map[string]string) bool {
	if len(was) == 0 {
		return false
	}
	without := maps.Clone(was)
	without[k.start] = k.values[k.start]
	return len(k.reasons(without)) == 0
}

// Common is the part that all keys share.
type Common struct {
	Format string `json:"format" say:"form of the layers"`
	Arch   string `json:"arch" say:"architecture"`
	Distro string `json:"distro" say:"distribution"`
	Layers string `json:"layers" say:"layers folder"` // their path is in programs of virtual environments
}

// Format is raised when layers are created in another way: metadata of any earlier version of Tandem comes back.
const Format = "8"

// digest returns the form in which records and keys have digests, as in an image: the algorithm, a colon and
// hexadecimal digits.
// https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
func digest(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

// Digest returns one digest of all lines, for a key. Credentials in URLs are removed before.
func Digest(lines ...string) string {
	sum := sha256.New()
	sum.Write([]byte(secret.Public(strings.Join(lines, "\n")))) // never returns an error
	return digest(sum)
}

// TreeDigest returns the digest of a tree's archive. Equal digests are equal contents.
func TreeDigest(ctx context.Context, tree archive.Tree) (string, error) {
	sum := sha256.New()
	err := archive.Write(ctx, sum, tree)
	return digest(sum), err
}

// SettingsDigest returns one digest of the variables with one of the prefixes, which are in upper case: they change
// what a package manager installs. Credentials do not, and must not be in metadata, not even as a digest.
func SettingsDigest(env run.Env, prefixes ...string) string {
	other := []string{"TOKEN", "PASSWORD", "USERNAME", "AUTH", "SECRET", "KEY", "CACHE", "CERT", "CAFILE"}
	sum := sha256.New()
	for _, name := range env.Names() {
		upper := strings.ToUpper(name)
		isSetting := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(upper, prefix) })
		isOther := slices.ContainsFunc(other, func(part string) bool { return strings.Contains(upper, part) })
		if isSetting && !isOther {
			fmt.Fprintf(sum, "%s=%s\x00", name, secret.Public(env[name]))
		}
	}
	return digest(sum)
}
