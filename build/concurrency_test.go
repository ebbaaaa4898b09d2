package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testConcurrency(t *testing.T, when spec.G, it spec.S) {
	it("web concurrency is that of the container", func() {
		for name, c := range map[string]struct {
			files map[string]string
			env   string
			want  string
		}{
			"by memory": {files: map[string]string{"memory.max": "536870912\n",
				"cpu.max": "max 100000\n"}, want: `WEB_CONCURRENCY = "2"`},
			"by processors": {files: map[string]string{"memory.max": "8589934592\n",
				"cpu.max": "100000 100000\n"}, want: `WEB_CONCURRENCY = "3"`},
			"half a processor is one": {files: map[string]string{"memory.max": "8589934592\n",
				"cpu.max": "50000 100000\n"}, want: `WEB_CONCURRENCY = "3"`},
			"no limit": {files: map[string]string{"memory.max": "max\n", "cpu.max": "400000 100000\n"},
				want: `WEB_CONCURRENCY = "4"`},
			"little memory": {files: map[string]string{"memory.max": "134217728\n"},
				want: `WEB_CONCURRENCY = "1"`},
			"the first version": {files: map[string]string{"memory/memory.limit_in_bytes": "536870912\n",
				"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, want: `WEB_CONCURRENCY = "2"`},
			"the first without a limit": {files: map[string]string{"memory/memory.limit_in_bytes": "9223372036854771712\n"}, want: `WEB_CONCURRENCY = "4"`},
			"set":                       {env: "WEB_CONCURRENCY=7"},
			"set to nothing":            {env: "WEB_CONCURRENCY="},
		} {
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				for file, text := range c.files {
					path := filepath.Join(dir, file)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				programs := filepath.Join(dir, "programs")
				if err := os.MkdirAll(programs, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(programs, "nproc"), []byte("#!/bin/sh\necho 4\n"),
					0o755); err != nil {
					t.Fatal(err)
				}
				out, err := os.Create(filepath.Join(dir, "out"))
				if err != nil {
					t.Fatal(err)
				}
				defer out.Close()
				cmd := exec.Command("bash", "web_concurrency.sh", dir)
				cmd.Env = []string{"PATH=" + programs + ":/usr/bin:/bin", c.env}
				cmd.ExtraFiles = []*os.File{out} // the third, as the launcher gives it
				if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
					t.Fatalf("%v: %s", err, said)
				}
				got, err := os.ReadFile(out.Name())
				if err != nil || strings.TrimSpace(string(got)) != c.want {
					t.Errorf("got %q, %v, want %q", got, err, c.want)
				}
			})
		}
	})
}
