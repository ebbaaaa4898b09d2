package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// addURLs adds the URLs of archives to the app's package-lock.json, as npm writes them. The lockfiles of the examples
// have none, because no registry may be in the repository. Without URLs npm requests the description of each package.
func (b *bench) addURLs(ctx context.Context) error {
	file := filepath.Join(b.app, "package-lock.json")
	lock, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	registry, err := b.npm(ctx, "npm config get registry")
	if err != nil {
		return err
	}
	if lock, err = withURLs(lock, registry); err != nil {
		return err
	}
	return os.WriteFile(file, lock, 0o644)
}

// npmInstall changes package.json and the lockfile only. Names of packages follow.
const npmInstall = "npm install --package-lock-only --ignore-scripts --no-audit --no-fund --save-exact "

// npm runs a shell command in the app's directory, in a container with Node.js, and returns its output.
func (b *bench) npm(ctx context.Context, command string) (string, error) {
	return b.dev.Docker(ctx, "run", "--rm", "--network", "host", "--volume", b.app+":/app", "--workdir", "/app",
		"tandem/bench-node", "sh", "-c", command)
}

// withURLs returns a package-lock.json in which each package of the registry has the URL of its archive.
func withURLs(lock []byte, registry string) ([]byte, error) {
	var root, packages map[string]json.RawMessage
	if err := json.Unmarshal(lock, &root); err != nil {
		return nil, fmt.Errorf("parse package-lock.json: %w", err)
	}
	if err := json.Unmarshal(root["packages"], &packages); err != nil {
		return nil, fmt.Errorf("parse the packages of package-lock.json: %w", err)
	}
	for key, text := range packages {
		var entry map[string]any
		if err := json.Unmarshal(text, &entry); err != nil {
			return nil, fmt.Errorf("parse %q of package-lock.json: %w", key, err)
		}
		url := archiveURL(key, entry, registry)
		if url == "" {
			continue
		}
		entry["resolved"] = url
		var err error
		if packages[key], err = marshal(entry); err != nil {
			return nil, err
		}
	}
	var err error
	if root["packages"], err = marshal(packages); err != nil {
		return nil, err
	}
	return marshal(root)
}

// archiveURL returns the URL of a package's archive, "" if the lockfile has it or the package is not from the registry.
func archiveURL(key string, entry map[string]any, registry string) string {
	_, resolved := entry["resolved"]
	_, fromArchive := entry["integrity"]
	const modules = "node_modules/"
	version, _ := entry["version"].(string)
	bundled, _ := entry["inBundle"].(bool)
	if resolved || bundled || !fromArchive || version == "" {
		return ""
	}
	i := strings.LastIndex(key, modules)
	if i < 0 {
		return ""
	}
	name := key[i+len(modules):]
	if real, _ := entry["name"].(string); real != "" {
		name = real // the package is installed under another name
	}
	return strings.TrimSuffix(registry, "/") + "/" + name + "/-/" + path.Base(name) + "-" + version + ".tgz"
}

// marshal returns JSON as npm writes it: indented, and with <, > and & as they are.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return text.Bytes(), err
}
