// Command dev does what the Makefile's targets say; package devenv says how.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/integration/devenv/bench"
	"github.com/tandem-cnb/tandem/integration/pictures"
	"github.com/tandem-cnb/tandem/integration/release"
)

const usage = `usage: go -C integration run ./dev COMMAND
  demo APP [FLAG...], image APP IMAGE [FLAG...], dist, package ONLY [IMAGE],
  bench APP CASE ROUNDS SIZE TARGET LINE [BASE], digests BASE, stop, clean:
             what make's targets of these names do; FLAGs are pack's, and a relative APP is below the repository's root
  ready      make what the tests find made
  pictures   draw the pictures of the documentation
  release COMMAND TAG IMAGE: a step of a release, or "dry"`

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := do(ctx, os.Args[1:])
	cancel()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\n%v\n", err)
		os.Exit(1)
	}
}

func do(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	e, err := devenv.New(ctx, os.Stderr)
	if err != nil {
		return err
	}
	switch command, rest := args[0], args[1:]; {
	case command == "demo" && len(rest) >= 1:
		return e.Demo(ctx, below(e.Root, rest[0]), rest[1:])
	case command == "image" && len(rest) >= 2:
		return e.Image(ctx, devenv.Build{App: below(e.Root, rest[0]), Image: rest[1], Flags: rest[2:]})
	case command == "dist" && len(rest) == 0:
		_, err = e.Dist(ctx, "")
		return err
	case command == "package" && 1 <= len(rest) && len(rest) <= 2:
		return e.Package(ctx, strings.Join(rest[1:], ""), rest[0])
	case command == "ready" && len(rest) == 0:
		return e.Ready(ctx)
	case command == "bench" && 6 <= len(rest) && len(rest) <= 7:
		rounds, err := strconv.Atoi(rest[2])
		if err != nil {
			return fmt.Errorf("read the number of rounds: %w", err)
		}
		return bench.Run(ctx, e, bench.Options{App: below(e.Root, rest[0]), Case: rest[1], Rounds: rounds,
			Size: rest[3], Target: rest[4], Line: rest[5], Base: strings.Join(rest[6:], "")})
	case command == "digests" && len(rest) == 1:
		return bench.Digests(ctx, e, below(e.Root, rest[0]))
	case command == "pictures" && len(rest) == 0:
		return pictures.Write(e.Root)
	case command == "release" && len(rest) == 3:
		return release.Run(ctx, e, rest[0], rest[1], rest[2])
	case command == "stop" && len(rest) == 0:
		return e.Stop(ctx)
	case command == "clean" && len(rest) == 0:
		return e.Clean(ctx)
	}
	return errors.New(usage)
}

// below returns path, joined to root unless it is absolute: `go -C integration run` starts this command in integration.
func below(root, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
}
