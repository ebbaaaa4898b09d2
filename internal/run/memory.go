package run

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// MemoryLimit returns how many bytes of memory this process and its children may use together; false: as many as the
// machine has. It reads both versions of control groups below machine, the root of the file system.
// https://docs.kernel.org/admin-guide/cgroup-v2.html
func MemoryLimit(machine fs.FS) (limit int64, ok bool) {
	for _, file := range memoryFiles(machine) {
		text, err := fs.ReadFile(machine, file)
		if err != nil {
			continue
		}
		bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err != nil || bytes <= 0 || bytes >= 1<<50 { // "max"; without a limit the old file has a number near 2^63
			continue
		}
		if !ok || bytes < limit {
			limit, ok = bytes, true
		}
	}
	return limit, ok
}

// memoryFiles returns the files of the process's own group and of all groups above it. In a container the group's path
// is often one of the machine's, of which only the root is visible.
func memoryFiles(machine fs.FS) []string {
	files := []string{"sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"}
	text, _ := fs.ReadFile(machine, "proc/self/cgroup") // not Linux, or no /proc: then there is no group to know of
	for line := range strings.Lines(string(text)) {
		// https://man7.org/linux/man-pages/man7/cgroups.7.html
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		top, name := "sys/fs/cgroup", "memory.max"
		switch controllers := fields[1]; { // version 2 has one group without controllers
		case slices.Contains(strings.Split(controllers, ","), "memory"):
			top, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case controllers != "":
			continue
		}
		for group := path.Clean("/" + fields[2]); group != "/"; group = path.Dir(group) {
			files = append(files, path.Join(top, group, name))
		}
	}
	return files
}
