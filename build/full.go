package build

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// noSpace are the words of strerror(3) for ENOSPC and EDQUOT, which all tools pass on. ENOSPC alone says nothing: Node also
// has it for too many watched files.
var noSpace = []string{"no space left on device", "disk quota exceeded"}

// diskFull turns an error that comes of a full disk, ours or a command's, into one that says so. Whatever else it explains
// is a consequence.
func diskFull(in libcnb.BuildContext, err error) error {
	evidence := fullIn(err)
	if evidence == "" {
		return err
	}
	if user, ok := fail.User(err); ok {
		evidence = user.What + ":\n" + evidence
	}
	return &fail.Error{
		ID: "build/disk-full", What: "The disk of the build is full", Err: err,
		Why: evidence + "\n\n" + space(in.Layers.Path, in.ApplicationPath, os.TempDir()),
		Fix: fail.Text("Give the build more space, or free some. Where Docker builds, this removes what no container uses:\n    docker system prune\n" +
			"Where a pod builds, raise its ephemeral-storage."),
	}
}

// fullIn is the line that says that there is no space, "" when none does.
func fullIn(err error) string {
	var failed *run.Error
	if errors.As(err, &failed) {
		lines := strings.Split(failed.Tail, "\n")
		for i := len(lines) - 1; i >= 0; i-- {
			for _, words := range noSpace {
				if strings.Contains(strings.ToLower(lines[i]), words) {
					return strings.TrimSpace(lines[i])
				}
			}
		}
		return ""
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return err.Error()
	}
	return ""
}

// space says how much is left where builds write. Some of it may have become free again when a command failed.
func space(dirs ...string) string {
	var lines []string
	for _, dir := range dirs {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			continue // the other error is the one to read
		}
		size := uint64(s.Bsize) //nolint:gosec // no block has a negative size
		line := fmt.Sprintf("%s: %d MB free of %d MB", dir, s.Bavail*size/1e6, s.Blocks*size/1e6)
		if s.Files > 0 && s.Ffree == 0 {
			line += ", and no inode for one file more"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
