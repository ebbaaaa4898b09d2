package explain

// Exit codes of commands.
const (
	ExitOK           = 0
	ExitFails        = 1 // the build would fail; with --strict there may only be a warning
	ExitUsage        = 2 // the command line is wrong, or the directory cannot be read
	ExitDoesNotApply = 3
	ExitDefect       = 70 // EX_SOFTWARE of sysexits.h
)
