package apt

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// maxScript bounds the files whose text is changed, in bytes.
const maxScript = 1 << 20

// redirect changes the directories in a file that tells a compiler where headers and libraries are: a file of
// pkg-config, or a program such as pg_config that is a text.
func (t target) redirect(rel string) error {
	base := path.Base(rel)
	isConf := path.Ext(base) == ".pc"
	isProgram := path.Dir(rel) == "usr/bin" &&
		(strings.HasSuffix(base, "-config") || strings.HasSuffix(base, "_config"))
	if !isConf && !isProgram {
		return nil
	}
	name := filepath.Join(t.dir, rootDir, rel)
	info, err := os.Stat(name)
	if err != nil || info.Size() > maxScript {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil || bytes.IndexByte(data, 0) >= 0 { // a binary finds its own directory
		return err
	}
	return os.WriteFile(name, redirected(data, filepath.Join(t.dir, rootDir), isConf), info.Mode().Perm())
}

// redirected returns a text with the directories below root. In a file of pkg-config, only values of variables are
// changed, since other lines use these.
func redirected(data []byte, root string, isConf bool) []byte {
	pattern, with := `(^|-[IL]|[^\w./-])/usr/(include|lib)\b|^(\w*prefix=['"]?)/usr\b`, "${1}${3}"+root+"/usr/${2}"
	if isConf {
		pattern, with = `^(\w+\s*=\s*)/usr\b`, "${1}"+root+"/usr"
	}
	expression := regexp.MustCompile(`(?m)` + pattern)
	if isConf {
		return expression.ReplaceAll(data, []byte(with))
	}
	return expression.ReplaceAllFunc(data, func(found []byte) []byte {
		return bytes.TrimSuffix(expression.ReplaceAll(found, []byte(with)), []byte("/"))
	})
}
