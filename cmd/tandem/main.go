// Command tandem explains what a build of an app would do: `tandem explain DIR`. It is bin/tandem in the buildpack's
// directory. It builds nothing.
package main

import (
	"os"

	"github.com/tandem-cnb/tandem/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) }
