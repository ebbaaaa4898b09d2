package app

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// include matches pip's ways of naming another file: -r x, -rx, --requirement x, --requirement=x, and the same for constraints.
// https://pip.pypa.io/en/stable/reference/requirements-file-format/
var include = regexp.MustCompile(`^(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)`)

var editable = regexp.MustCompile(`^(?:-e|--editable)[ =]?\s*`)

// requirements is the file name with every file that it includes, each once, and what they say.
func (r *reader) requirements(name string) (s Sources) {
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || !fs.ValidPath(name) {
			return
		}
		seen[name] = true
		text, ok := r.text(name)
		if !ok {
			return
		}
		s.Files = append(s.Files, name)
		for _, line := range lines(strings.ReplaceAll(text, "\\\n", " ")) {
			if m := include.FindStringSubmatch(line); m != nil {
				visit(path.Join(path.Dir(name), m[1]))
			} else if local := localPath(line); local != "" && !seen[local] {
				seen[local] = true
				s.Local = append(s.Local, local)
			} else if strings.HasPrefix(line, "-") {
				s.Options = append(s.Options, line)
			}
		}
	}
	visit(name)
	return s
}

// localPath is the path that a requirement names inside the app, "" for every other requirement.
// pip reads such a path relative to the working folder, not to the file it stands in.
func localPath(line string) string {
	line = editable.ReplaceAllString(line, "")
	if _, url, ok := strings.Cut(line, " @ "); ok {
		line = strings.TrimSpace(url)
	}
	line = strings.TrimPrefix(strings.Fields(line + " ")[0], "file:")
	line, _, _ = strings.Cut(line, "[")
	if strings.Contains(line, "://") || strings.HasPrefix(line, "-") || line == "" {
		return ""
	}
	if p := path.Clean(line); fs.ValidPath(p) && (strings.ContainsAny(line, "/") || strings.HasSuffix(line, ".whl") || line == ".") {
		return p
	}
	return ""
}
