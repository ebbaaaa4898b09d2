package house

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/tandem-cnb/tandem/internal/pages"
)

// diagram is a flowchart of Mermaid: boxes by their titles, and arrows. https://mermaid.js.org/syntax/flowchart.html
type diagram struct {
	boxes  []string
	arrows []string
}

// box returns the name of the box with a title.
func (d *diagram) box(title string) string {
	i := slices.Index(d.boxes, title)
	if i < 0 {
		i, d.boxes = len(d.boxes), append(d.boxes, title)
	}
	return fmt.Sprintf("b%d", i+1)
}

// arrow draws an arrow, with a text unless it is empty.
func (d *diagram) arrow(from, to, text string) {
	if text != "" {
		text = "|" + text + "|"
	}
	arrow := fmt.Sprintf("  %s -->%s %s\n", d.box(from), text, d.box(to))
	if !slices.Contains(d.arrows, arrow) {
		d.arrows = append(d.arrows, arrow)
	}
}

// String returns the block of the document.
func (d *diagram) String() string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart LR\n")
	for i, title := range d.boxes {
		fmt.Fprintf(&b, "  b%d[\"%s\"]\n", i+1, title)
	}
	return b.String() + strings.Join(d.arrows, "") + "```"
}

// The picture of layers has what the table of the page has: which layer is in the image, and which is in the cache.
func TestThePictureOfLayersIsThatOfTheTable(t *testing.T) {
	page := filepath.Join(root, "docs/concepts/caching.md")
	_, table, _ := strings.Cut(pages.Read(t, page), "| layer | where |")
	table, _, _ = strings.Cut(table, "\n\n")
	var d diagram
	for _, line := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(line, " | ")
		layer := strings.ReplaceAll(strings.TrimPrefix(cells[0], "| "), "`", "")
		for part := range strings.SplitSeq(strings.ReplaceAll(cells[1], ", cache", "; cache"), "; ") {
			place, condition, _ := strings.Cut(part, ", ")
			d.arrow(layer, map[string]string{"image": "image", "cache": "cache of the next build"}[place], condition)
		}
	}
	if len(d.boxes) < 8 {
		t.Errorf("only %d boxes: %q", len(d.boxes), d.boxes)
	}
	pages.Check(t, page, "layers", d.String(), *update)
}

// kubernetesObject is as much of an object as the picture shows.
type kubernetesObject struct {
	Kind     string
	Metadata struct{ Name string }
	Spec     struct {
		Tag      string
		Template struct {
			Spec struct{ Containers []struct{ Image string } }
		}
	}
}

// The picture of kpack's objects has those of the page's YAML, and which of them names which.
func TestThePictureOfKpackIsThatOfTheObjects(t *testing.T) {
	page := filepath.Join(root, "docs/platforms/kpack.md")
	text, _, _ := strings.Cut(pages.Read(t, page), "### Migrations")
	var d diagram
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		for decoder := yaml.NewDecoder(strings.NewReader(block[2])); ; {
			var node yaml.Node
			if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			d.object(t, &node)
		}
	}
	if len(d.boxes) < 10 {
		t.Errorf("only %d boxes: %q", len(d.boxes), d.boxes)
	}
	pages.Check(t, page, "objects", d.String(), *update)
}

// object draws the arrows from an object to those that it names, and to the image that it builds or runs.
func (d *diagram) object(t *testing.T, node *yaml.Node) {
	t.Helper()
	var o kubernetesObject
	if err := node.Decode(&o); err != nil {
		t.Fatal(err)
	}
	own := o.Kind + " " + o.Metadata.Name
	for _, ref := range references(node) {
		d.arrow(own, ref[0]+" "+ref[1], "")
	}
	if o.Kind == "Image" {
		d.arrow(own, o.Spec.Tag, "builds")
	}
	for _, container := range o.Spec.Template.Spec.Containers {
		d.arrow(own, container.Image, "runs")
	}
}

// references returns the kinds and names of the objects that a part of an object names.
func references(node *yaml.Node) (all [][2]string) {
	kinds := map[string]string{"serviceAccountRef": "ServiceAccount", "secrets": "Secret", "secretRef": "Secret"}
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 {
			key := node.Content[i-1].Value
			var ref struct{ Kind, Name string }
			var list []struct{ Kind, Name string }
			switch {
			case key == "serviceAccountName":
				all = append(all, [2]string{"ServiceAccount", child.Value})
			case key == "metadata":
				continue
			case child.Decode(&ref) == nil && ref.Name != "" && (ref.Kind != "" || kinds[key] != ""):
				all = append(all, [2]string{kinds[key] + ref.Kind, ref.Name})
			case child.Decode(&list) == nil && (key == "services" || kinds[key] != ""):
				for _, ref := range list {
					all = append(all, [2]string{kinds[key] + ref.Kind, ref.Name})
				}
			}
		}
		all = append(all, references(child)...)
	}
	return all
}
