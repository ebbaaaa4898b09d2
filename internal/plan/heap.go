package plan

// NodeHeap is how many MB of old objects Node.js may keep where so many bytes are the limit of all processes together:
// three quarters. The rest is for its own code, buffers and whoever calls it. By itself it takes a quarter of the
// limit, so that a bundler ends in a small container though there is memory; and never more than 4 GB, which stays so,
// since several may run at a time.
// https://github.com/nodejs/node/blob/main/doc/api/cli.md#--max-old-space-sizesize-in-mib
func NodeHeap(limit int64) int {
	return int(min(limit>>20*3/4, mostHeap))
}

const mostHeap = 4096
