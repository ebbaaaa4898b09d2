//go:build kpack && linux

package integration

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/integration/devenv/kube"
	shell "github.com/tandem-cnb/tandem/internal/run"
)

// handbook is docs/platforms/kpack.md: what it tells people to apply and to run is what the test applies and runs.
type handbook struct {
	cluster  *kube.Cluster
	objects  []map[string]any // in the page's order
	commands []string         // blocks of lines
	used     map[string]bool
}

// addresses are the page's and, in their place, the test's.
var addresses = strings.NewReplacer(
	"registry.example.com", kube.Private, "tandemcnb/python-node", kube.Private+"/tandem",
	"https://git.example.com", "http://"+kube.Host+gitPort,
	"proxy.example.com:3128", kube.Host+proxyPort,
	"paketobuildpacks/build-jammy-base", kube.Build, "paketobuildpacks/run-jammy-base", kube.Run,
	"io.buildpacks.stacks.jammy", "tandem.bookworm",
)

var indented = regexp.MustCompile(`(?m)(?:^    .*\n)+`)

func openHandbook(t *testing.T, c *kube.Cluster) *handbook {
	t.Helper()
	h := &handbook{cluster: c, used: map[string]bool{}}
	page := addresses.Replace(read(t, filepath.Join(env.Root, "docs/platforms/kpack.md")))
	for _, block := range codeBlocks(page, "yaml") {
		decoder := yaml.NewDecoder(strings.NewReader(block))
		for {
			var object map[string]any
			if err := decoder.Decode(&object); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, block)
			}
			h.objects = append(h.objects, object)
		}
	}
	h.commands = indented.FindAllString(codeBlock.ReplaceAllString(page, ""), -1)
	return h
}

// name is kind/name of an object.
func name(object map[string]any) string {
	return object["kind"].(string) + "/" + object["metadata"].(map[string]any)["name"].(string)
}

// object is the page's, to be changed before it is applied.
func (h *handbook) object(t *testing.T, want string) map[string]any {
	t.Helper()
	for _, object := range h.objects {
		if name(object) == want {
			h.used[want] = true
			return object
		}
	}
	t.Fatalf("docs/platforms/kpack.md has no %s", want)
	return nil
}

// apply applies objects of the page by their names.
func (h *handbook) apply(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		h.applyObject(t, h.object(t, name))
	}
}

func copyOf(t *testing.T, object map[string]any) (copied map[string]any) {
	t.Helper()
	text, err := json.Marshal(object)
	if err := errors.Join(err, json.Unmarshal(text, &copied)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func (h *handbook) applyObject(t *testing.T, object map[string]any) {
	t.Helper()
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "object.json")
	put(t, file, string(text))
	if _, err := h.cluster.Kubectl(t.Context(), "apply", "--filename", file); err != nil {
		t.Fatalf("%s: %v", name(object), err)
	}
}

// fill puts text in the place of the dots in a secret, which must have some.
func (h *handbook) fill(t *testing.T, secret, text string) {
	t.Helper()
	if !h.filled(t, secret, text) {
		t.Fatalf("docs/platforms/kpack.md has no dots in the secret %s", secret)
	}
}

// filled is fill for a secret that may have none, and says whether it had.
func (h *handbook) filled(t *testing.T, secret, text string) (found bool) {
	t.Helper()
	data := h.object(t, "Secret/"+secret)["stringData"].(map[string]any)
	for key, value := range data {
		found = found || strings.Contains(value.(string), "…")
		data[key] = strings.ReplaceAll(value.(string), "…", text)
	}
	return found
}

// secrets are the names of all service bindings of the page.
func (h *handbook) secrets() (names []string) {
	for _, object := range h.objects {
		if kind, _ := object["type"].(string); strings.HasPrefix(kind, "service.binding/") {
			names = append(names, object["metadata"].(map[string]any)["name"].(string))
		}
	}
	return names
}

// run runs the block of the page's commands that has the text in it, and returns what it printed.
func (h *handbook) run(t *testing.T, text string) string {
	t.Helper()
	for _, block := range h.commands {
		if !strings.Contains(block, text) {
			continue
		}
		h.used[block] = true
		var out strings.Builder
		err := shell.Shell{Dir: t.TempDir(), Env: h.cluster.Vars(), Out: &out}.Run(t.Context(), "bash", "-euc", block)
		if err != nil {
			t.Fatalf("%v:\n%s\n%s", err, block, out.String())
		}
		return out.String()
	}
	t.Fatalf("docs/platforms/kpack.md has no command with %s", text)
	return ""
}

// all says what of the page was not used: nobody would know whether that is still true.
func (h *handbook) all(t *testing.T) {
	t.Helper()
	everything := slices.Clone(h.commands)
	for _, object := range h.objects {
		everything = append(everything, name(object))
	}
	for _, part := range everything {
		if !h.used[part] {
			t.Errorf("the test does not use this of docs/platforms/kpack.md:\n%s\nused: %q", part,
				slices.Sorted(maps.Keys(h.used)))
		}
	}
}
