package devenv

import "syscall"

const (
	memoryFolder = "/dev/shm"
	// memoryWanted is what several builds at a time take, with room for what else runs.
	memoryWanted = 8 << 30
	noExec       = 8 // ST_NOEXEC of statfs(2)
)

// Memory is a folder for builds in memory, "" where there is none or not enough. Tests unpack and remove the same tens of thousands of files
// again and again; on ext4 without a journal, which virtual machines often have, each new file waits for a walk over those just removed
// (recently_deleted in the kernel's fs/ext4/ialloc.c), which took a third of all time.
func Memory() string {
	var fs syscall.Statfs_t
	if syscall.Statfs(memoryFolder, &fs) != nil || fs.Flags&noExec != 0 || int64(fs.Bavail)*int64(fs.Bsize) < memoryWanted {
		return ""
	}
	return memoryFolder
}
