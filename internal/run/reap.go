package run

import "time"

// Reaper ends the processes that commands have left running. It leaves those alone that ran before it was made.
type Reaper struct {
	before map[process]bool
}

// process identifies one for as long as the machine runs: process IDs are used again.
type process struct {
	id    int
	start string // its time, in the kernel's clock ticks
}

const (
	// endingDelay is for processes that end on their own, such as a helper of npm whose parent has just ended.
	endingDelay = 100 * time.Millisecond
	// killDelay bounds how long Reap kills: a process may start others faster than they are found, or wait for a disk.
	killDelay = 10 * time.Second
	reapPoll  = 5 * time.Millisecond
	// mostLooks bounds how often Reap finds nothing on a machine where others start processes all the time.
	mostLooks = 30
)
