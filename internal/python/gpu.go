package python

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// gpuFact is the fact about the Python packages that has what gpuPackages returns: "COUNT BYTES".
const gpuFact = "gpu"

// gpuPackages returns the number and the size of the packages for GPUs in an environment. The size is that of their
// RECORD files. The result is empty if there are none.
func gpuPackages(venv string) (fact string, err error) {
	records, err := filepath.Glob(filepath.Join(sitePackages(venv), "*.dist-info", "RECORD"))
	if err != nil {
		return "", err
	}
	count, bytes := 0, int64(0)
	for _, record := range records {
		name, version, _ := strings.Cut(strings.TrimSuffix(filepath.Base(filepath.Dir(record)), ".dist-info"), "-")
		if !isForGPU(manager.Normal(name), version) {
			continue
		}
		entries, err := recordEntries(record)
		if err != nil {
			return "", err
		}
		for _, entry := range entries {
			if len(entry) > 2 {
				size, _ := strconv.ParseUint(entry[2], 10, 40) // empty for RECORD itself
				bytes += int64(size)
			}
		}
		count++
	}
	if count == 0 {
		return "", nil
	}
	return fmt.Sprint(count, bytes), nil
}

// isForGPU reports whether a package is only for GPUs, or has programs for them. torch has a build for each backend,
// whose version names it: 2.9.0+cu128. https://pytorch.org/get-started/locally/
func isForGPU(name, version string) bool {
	return strings.HasPrefix(name, "nvidia-") || name == "triton" || name == "tensorflow" ||
		name == "torch" && strings.Contains(version, "+cu")
}

// gpuNotes returns the note about packages for GPUs among those of the environment. installed are all packages.
func gpuNotes(facts layer.Facts, installed map[string]string, by manager.ID) []note.Note {
	var count int
	var bytes int64
	if _, err := fmt.Sscan(facts[gpuFact], &count, &bytes); err != nil {
		return nil // there are none
	}
	_, ofTensorFlow := installed["tensorflow"]
	return plan.GPUPackages(count, show.Size(bytes), ofTensorFlow, by)
}
