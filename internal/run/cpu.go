package run

import (
	"io/fs"
	"strings"
)

// Emulated returns the architecture of the machine's CPU, as Go names it, if it differs from that of the running
// programs, arch. It is empty if both are equal, or if the machine does not tell: an emulator may hide it.
// https://man7.org/linux/man-pages/man5/proc_cpuinfo.5.html
func Emulated(machine fs.FS, arch string) string {
	text, err := fs.ReadFile(machine, "proc/cpuinfo")
	if err != nil {
		return "" // not Linux, or no /proc
	}
	cpu := ""
	switch info := string(text); {
	case strings.Contains(info, "CPU implementer"), strings.Contains(info, "VirtualApple"): // Rosetta has its own name
		cpu = "arm64"
	case strings.Contains(info, "vendor_id"):
		cpu = "amd64"
	}
	if cpu == arch {
		return ""
	}
	return cpu
}
