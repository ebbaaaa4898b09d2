package bundled

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// sourceMap has the fields of a source map that name files. https://tc39.es/ecma426/#sec-source-map-format
type sourceMap struct {
	SourceRoot string
	Sources    []*string
	Sections   []struct{ Map struct{ Sources []*string } }
}

// sourceMap reads a source map in the file name, and reports whether it is one.
func (f *find) sourceMap(data []byte, name string) bool {
	var m sourceMap
	data = bytes.TrimPrefix(data, []byte(")]}'\n")) // against the inclusion as a script
	if json.Unmarshal(data, &m) != nil {
		return false
	}
	all := m.Sources
	for _, section := range m.Sections {
		all = append(all, section.Map.Sources...)
	}
	dir := path.Join(path.Dir(name), m.SourceRoot)
	for _, source := range all {
		if source != nil {
			f.add(f.index.of(*source, dir), bom.SourceMap, name)
		}
	}
	return len(all) > 0
}

// inlineMap returns the source map in a data URL; nil if it is none.
func inlineMap(url string) []byte {
	head, encoded, isData := strings.Cut(url, ",")
	if !isData || !strings.HasPrefix(head, "data:application/json") || !strings.HasSuffix(head, ";base64") {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil
	}
	return data
}

// report has the fields of webpack's statistics and of esbuild's metafile that name files.
// https://webpack.js.org/api/stats/ and https://esbuild.github.io/api/#metafile
type report struct {
	Assets  []struct{ Name string }
	Modules []module
	Outputs map[string]struct {
		Inputs map[string]struct{ BytesInOutput int }
	}
}

// module is a module of webpack. One that is concatenated has other modules.
type module struct {
	NameForCondition string
	Modules          []module
}

// report reads a report of a bundler. The assets that it lists have evidence.
func (f *find) report(data []byte, name string) {
	var r report
	if json.Unmarshal(data, &r) != nil {
		return
	}
	if len(r.Modules) > 0 {
		for _, asset := range r.Assets {
			f.mark(asset.Name)
		}
	}
	f.modules(r.Modules, name)
	for output, of := range r.Outputs {
		f.mark(output)
		for input, size := range of.Inputs {
			if size.BytesInOutput > 0 { // otherwise the bundler has removed the file
				f.add(f.index.of(input, path.Dir(name)), bom.BundleReport, name)
			}
		}
	}
}

// modules notes the packages of webpack's modules. Their paths are absolute.
func (f *find) modules(all []module, name string) {
	for _, m := range all {
		f.add(f.index.of(strings.TrimPrefix(m.NameForCondition, f.Root+"/"), "."), bom.BundleReport, name)
		f.modules(m.Modules, name)
	}
}

// mark notes that there is evidence for an asset. Reports name it relative to a directory that they do not name.
func (f *find) mark(output string) {
	output = path.Clean("/" + output)
	for name := range f.assets {
		if strings.HasSuffix("/"+name, output) {
			f.assets[name] = true
		}
	}
}
