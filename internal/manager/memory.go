package manager

import "strings"

// HeapExhausted tells whether a Node.js has ended itself at the limit of its heap. https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib
func HeapExhausted(output string) bool {
	return strings.Contains(output, "JavaScript heap out of memory")
}

// What to say of a command that has got too little memory.
const (
	Killed     = "It was killed, most likely because the build has too little memory."
	MoreMemory = "Give Docker or the build pod more: Docker Desktop in its settings, Kubernetes by resources.limits.memory."
	MoreHeap   = MoreMemory + " Where there is more than Node.js takes by itself, in megabytes:\n    pack build … --env NODE_OPTIONS=--max-old-space-size=4096"
)
