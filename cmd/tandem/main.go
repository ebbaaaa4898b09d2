// Command tandem says what a build of an app would do: `tandem explain DIR`. The buildpack's folder has it as
// bin/tandem.
package main

import (
	"os"

	"github.com/tandem-cnb/tandem/internal/explain"
)

func main() { os.Exit(explain.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) }
