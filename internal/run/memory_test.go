package run

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func TestMemoryLimitOfBothVersions(t *testing.T) {
	const old = "9:name=systemd:/\n4:memory,hugetlb:/docker/abc\n0::/\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"a machine without groups": {nil, 0},
		"version 2, in a container": {map[string]string{"proc/self/cgroup": "0::/\n",
			"sys/fs/cgroup/memory.max": "1073741824\n"}, 1 << 30},
		"version 2, without a limit": {map[string]string{"proc/self/cgroup": "0::/\n",
			"sys/fs/cgroup/memory.max": "max\n"}, 0},
		"version 2, of a group above": {map[string]string{"proc/self/cgroup": "0::/kubepods/pod1/c\n",
			"sys/fs/cgroup/kubepods/pod1/memory.max":   "2147483648\n",
			"sys/fs/cgroup/kubepods/pod1/c/memory.max": "max\n"}, 2 << 30},
		"version 2, the smallest counts": {map[string]string{"proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/memory.max": "1000\n", "sys/fs/cgroup/a/b/memory.max": "2000\n"}, 1000},
		"version 1, in a container": {map[string]string{"proc/self/cgroup": old,
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "536870912\n"}, 512 << 20},
		"version 1, on the machine": {map[string]string{"proc/self/cgroup": old,
			"sys/fs/cgroup/memory/memory.limit_in_bytes":            "9223372036854771712\n",
			"sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "1048576\n"}, 1 << 20},
		"version 1, without a limit": {map[string]string{"proc/self/cgroup": old,
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
		"another group's limit": {map[string]string{"proc/self/cgroup": "0::/a\n",
			"sys/fs/cgroup/b/memory.max": "1000\n"}, 0},
		"no number": {map[string]string{"proc/self/cgroup": "nonsense\n0::/../..\n",
			"sys/fs/cgroup/memory.max": "-1\n"}, 0},
	} {
		machine := fstest.MapFS{}
		for file, text := range c.files {
			machine[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if got, ok := MemoryLimit(machine); got != c.want || ok != (c.want > 0) {
			t.Errorf("%s: got %d, %v, want %d", name, got, ok, c.want)
		}
	}
}

// A real group, where one can be made: this program starts itself in it.
func TestMemoryLimitOfARealGroup(t *testing.T) {
	if os.Getenv("PRINT_MEMORY_LIMIT") != "" {
		limit, _ := MemoryLimit(os.DirFS("/"))
		fmt.Printf("limit=%d\n", limit)
		return
	}
	top, file := "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
	if _, err := os.Stat(filepath.Join(top, file)); err != nil {
		top, file = "/sys/fs/cgroup", "memory.max"
	}
	group, err := os.MkdirTemp(top, "tandem-test-")
	if err != nil {
		t.Skipf("no group can be made: %v", err)
	}
	defer os.Remove(group)
	const limit = 512 << 20
	if err := os.WriteFile(filepath.Join(group, file), []byte(strconv.Itoa(limit)), 0o644); err != nil {
		t.Skipf("no group with a limit can be made: %v", err)
	}
	cmd := exec.Command("sh", "-c", `echo $$ >"$0/cgroup.procs" && exec "$@"`, group, os.Args[0],
		"-test.run=^TestMemoryLimitOfARealGroup$")
	cmd.Env = append(os.Environ(), "PRINT_MEMORY_LIMIT=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("limit=%d\n", limit)) {
		t.Errorf("%v: want %d:\n%s", err, limit, out)
	}
}
