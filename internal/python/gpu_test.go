package python

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func TestPackagesForGPUsAreCounted(t *testing.T) {
	venv := t.TempDir()
	if got, err := gpuPackages(venv); got != "" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for name, record := range map[string]string{
		"nvidia_cublas_cu12-12.8": "nvidia/a.so,sha256=x,1500000000\n\"b,c\",,\nnvidia/d,sha256=y,500000000\n",
		"torch-2.9.0+cu128":       "torch/a.so,sha256=x,700000000\n", "triton-3.5": "",
		"torch_geometric-2.9.0+cu128": "a,sha256=x,1\n", "django-5.2": "a,sha256=x,1\n",
	} {
		dir := filepath.Join(venv, "lib/python3.13/site-packages", name+".dist-info")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "RECORD"), []byte(record), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fact, err := gpuPackages(venv)
	if fact != "3 2700000000" || err != nil {
		t.Fatalf("got %q, %v", fact, err)
	}
	for want, c := range map[string]struct {
		by        manager.ID
		installed map[string]string
	}{
		"UV_TORCH_BACKEND=cpu":   {manager.Requirements, nil},
		"integration/pytorch":    {manager.UV, nil},
		"require tensorflow-cpu": {manager.Requirements, map[string]string{"tensorflow": "2.20"}},
	} {
		said := gpuNotes(layer.Facts{gpuFact: fact}, c.installed, c.by)
		if len(said) != 1 || !strings.Contains(said[0].Text, "those for GPUs (3) have 2574 MB. Without them: ") ||
			!strings.HasSuffix(strings.TrimSuffix(said[0].Text, "/"), want) {
			t.Errorf("%s: got %+v", want, said)
		}
	}
	if said := gpuNotes(layer.Facts{}, nil, manager.UV); said != nil {
		t.Errorf("got %+v", said)
	}
}
