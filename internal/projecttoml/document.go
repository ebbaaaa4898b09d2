package projecttoml

import (
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// document is the text of a TOML file, and where its parts stand. Offsets are in bytes.
// https://toml.io/en/v1.0.0
type document struct {
	text    string
	newline string
	tables  []table // in the order of the file; the first is the root, which has no header
}

// table is a [table] or one element of an [[array of tables]].
type table struct {
	path  []string
	array bool
	body  int // where the line below the header begins
	end   int // where the line below the last pair begins
	pairs []pair
}

// pair is key = value.
type pair struct {
	path    []string // the key, which may be dotted
	keyEnd  int
	value   span
	isText  bool   // the value is a string
	text    string // the string
	isArray bool
	items   []span // of an array
}

// span is a part of the text.
type span struct{ start, end int }

// parse returns the places of all parts of a TOML text.
func parse(text string) (document, error) {
	doc := document{text: text, newline: "\n", tables: []table{{}}}
	if strings.Contains(text, "\r\n") {
		doc.newline = "\r\n"
	}
	var parser unstable.Parser
	parser.Reset([]byte(text))
	for parser.NextExpression() {
		node := parser.Expression()
		last := &doc.tables[len(doc.tables)-1]
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			path, end := keys(node)
			below := doc.lineBelow(end)
			doc.tables = append(doc.tables,
				table{path: path, array: node.Kind == unstable.ArrayTable, body: below, end: below})
		case unstable.KeyValue:
			last.pairs = append(last.pairs, newPair(node))
			last.end = doc.lineBelow(int(node.Raw.Offset + node.Raw.Length))
		default: // comments are not asked for
		}
	}
	return doc, parser.Error()
}

// keys returns the parts of a node's key, and where the last ends.
func keys(node *unstable.Node) (path []string, end int) {
	for it := node.Key(); it.Next(); {
		part := it.Node()
		path, end = append(path, string(part.Data)), int(part.Raw.Offset+part.Raw.Length)
	}
	return path, end
}

// newPair returns the pair of a node.
func newPair(node *unstable.Node) pair {
	path, keyEnd := keys(node)
	value := node.Value()
	p := pair{path: path, keyEnd: keyEnd, value: spanOf(value), isText: value.Kind == unstable.String,
		isArray: value.Kind == unstable.Array}
	switch {
	case p.isText:
		p.text = string(value.Data)
	case p.isArray: // an array has no place of its own
		for it := value.Children(); it.Next(); {
			p.items = append(p.items, spanOf(it.Node()))
		}
	}
	return p
}

// spanOf returns the place of a node.
func spanOf(node *unstable.Node) span {
	return span{int(node.Raw.Offset), int(node.Raw.Offset + node.Raw.Length)}
}

// lineBelow returns where the line below an offset begins.
func (d document) lineBelow(offset int) int {
	if i := strings.IndexByte(d.text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(d.text)
}

// last returns the last table with a path. An array of tables has several.
func (d document) last(path []string) (found table, ok bool) {
	for _, t := range d.tables[1:] {
		if slices.Equal(t.path, path) {
			found, ok = t, true
		}
	}
	return found, ok
}

// pair returns the pair of a table with a key.
func (t table) pair(key string) (pair, bool) {
	for _, p := range t.pairs {
		if len(p.path) == 1 && p.path[0] == key {
			return p, true
		}
	}
	return pair{}, false
}

// writesInline reports whether a dotted key or an inline value sets a path, or a part of that path. No header can
// add to such a value.
func (d document) writesInline(path []string) bool {
	for _, t := range d.tables {
		for _, p := range t.pairs {
			full := slices.Concat(t.path, p.path)
			both := min(len(full), len(path))
			if len(t.path) < len(path) && slices.Equal(full[:both], path[:both]) {
				return true
			}
		}
	}
	return false
}
