package bench

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/tandem-cnb/tandem/internal/run"
)

// bridge is the engine's own: an engine that is started without one removes docker0, which another may be using.
// Nothing is ever attached to it.
const bridge = "tandem-bench0"

// makeBridge makes the bridge, with an address that no router forwards (RFC 3927), unless an interrupted benchmark left it.
func makeBridge(ctx context.Context, vars run.Env) error {
	if _, err := os.Stat("/sys/class/net/" + bridge); err == nil {
		return nil
	}
	for _, argv := range [][]string{{"ip", "link", "add", bridge, "type", "bridge"}, {"ip", "address", "add", "169.254.231.1/24", "dev", bridge}} {
		if err := (run.Shell{Env: vars, Out: io.Discard}).Run(ctx, argv...); err != nil {
			return fmt.Errorf("make a network bridge for the engine in memory: %w", told(err))
		}
	}
	return nil
}

func removeBridge() {
	sh := run.Shell{Env: run.ParseEnv(os.Environ()), Out: io.Discard}
	_ = sh.Run(context.Background(), "ip", "link", "delete", bridge) // there is none when no engine was started
}
