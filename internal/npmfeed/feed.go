// Package npmfeed downloads the archives that a package-lock.json names while Node.js is being installed, and unpacks
// each of them when npm requests that. npm installs and decides everything: it names the digest and the directory, and
// does it itself if this package cannot. The package knows nothing of layers.
package npmfeed

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// What happens at once. Downloads wait for the network; unpacking needs a CPU.
const (
	downloads = 16
	unpackers = 2
)

// Feed has the archives of one installation, and answers npm.
type Feed struct {
	dir    string // of the archives, the hook and the socket; only the build's user can enter it
	root   string // npm may name directories below it
	client *http.Client
	umask  os.FileMode
	stop   context.CancelFunc
	busy   sync.WaitGroup
	turns  chan struct{} // of downloads
	unpack chan struct{} // turns
	failed atomic.Int64  // downloads, until one has succeeded

	mu       sync.Mutex // of all below
	archives map[digest]*download
	served   Served
}

// Served is how the requests of npm have ended.
type Served struct {
	Guessed int // archives that Start was given
	Fed     int // archives that were unpacked for npm
	Refused int // requests that were refused, so that npm downloaded the package itself
	// The reason of the first refusal, or what npm uses so that it makes no request. It may be of any length.
	Why string
}

// Options are for Start.
type Options struct {
	Scratch  string // a directory in which only the build writes
	Root     string // the app's directory: npm may have archives unpacked below it
	Archives []Archive
	Client   *http.Client
}

// Start begins to download archives. The caller must call Close. An error means that npm has to do without.
func Start(ctx context.Context, o Options) (*Feed, error) {
	umask, err := readUmask()
	if err != nil {
		return nil, fmt.Errorf("feed npm: %w", err)
	}
	dir, err := os.MkdirTemp(o.Scratch, "npm-") // short: the path of a socket has at most 108 bytes
	if err != nil {
		return nil, fmt.Errorf("feed npm: %w", err)
	}
	socket, err := (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(dir, "socket"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("feed npm: %w", err), os.RemoveAll(dir))
	}
	ctx, stop := context.WithCancel(ctx)
	f := &Feed{
		dir: dir, root: o.Root, client: o.Client, umask: umask, stop: stop,
		turns: make(chan struct{}, downloads), unpack: make(chan struct{}, unpackers),
		archives: map[digest]*download{}, served: Served{Guessed: len(o.Archives)},
	}
	context.AfterFunc(ctx, func() { _ = socket.Close() })
	f.busy.Go(func() { f.accept(ctx, socket) })
	for _, a := range o.Archives {
		if sum, ok := strongest(a.Integrity); ok {
			f.wanted(ctx, sum, a.URL)
		}
	}
	return f, nil
}

// Close ends what is running, removes all files and returns what npm was given.
func (f *Feed) Close() (Served, error) {
	f.stop()
	f.busy.Wait()
	return f.served, os.RemoveAll(f.dir)
}

//go:embed npmfeed.cjs
var hook string

// Argv returns the program and the first arguments that replace "npm": Node.js, which loads a hook before npm. program
// is npm's file on PATH. The error says why npm cannot be fed. Neither variables nor the arguments of scripts change.
func (f *Feed) Argv(node, program string) ([]string, error) {
	cli, err := filepath.EvalSymlinks(program)
	if err != nil {
		return nil, fmt.Errorf("feed npm: %w", err)
	}
	if filepath.Base(cli) != "npm-cli.js" {
		return nil, fmt.Errorf("feed npm: %s is not its usual program", program)
	}
	place, err := json.Marshal(filepath.Join(f.dir, "socket"))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(f.dir, "npmfeed.cjs")
	text := strings.Replace(hook, "SOCKET", string(place), 1)
	return []string{node, "--require", file, cli}, os.WriteFile(file, []byte(text), 0o600)
}

// request names one package, or what npm uses so that it makes no request. The hook sends each in a connection of its
// own.
type request struct{ URL, Integrity, Dir, Uses string }

// maxRequest is the length of a request in bytes: a URL, some digests and a path.
const maxRequest = 64 << 10

// accept answers requests until socket is closed.
func (f *Feed) accept(ctx context.Context, socket net.Listener) {
	for {
		conn, err := socket.Accept()
		if err != nil {
			return
		}
		f.busy.Go(func() {
			defer conn.Close()
			err := fail.Recovered(func() error { return f.answer(ctx, conn) })
			f.count(err)
			word := "ok"
			if err != nil {
				word = "no"
			}
			_, _ = conn.Write([]byte(word)) // npm does it itself if it reads nothing
		})
	}
}

func (f *Feed) count(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.served.Fed++
		return
	}
	if f.served.Why == "" {
		f.served.Why = err.Error()
	}
	if !errors.As(err, new(forbidden)) {
		f.served.Refused++
	}
}

// forbidden names the credentials or the setting of npm with which the build must not download.
type forbidden string

func (f forbidden) Error() string { return "it uses " + string(f) }

// readUmask returns the permissions that new files do not get, which npm's processes inherit.
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func readUmask() (os.FileMode, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "\nUmask:")
	line, _, _ := strings.Cut(rest, "\n")
	mask, err := strconv.ParseUint(strings.TrimSpace(line), 8, 12)
	return os.FileMode(mask), err
}
