package bench

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// The lines over which builds download packages: that of the machine, and one as many homes and offices have it.
const (
	Fast = "fast"
	Slow = "slow"
)

// The slow line has 50 Mbit/s, and 40 ms there and back.
const (
	slowRate  = 50e6 / 8
	slowDelay = 20 * time.Millisecond
)

// line is an HTTP proxy on the loopback interface that delays what it carries. All connections share its rate.
type line struct {
	rate   float64       // bytes per second, of what comes from servers
	delay  time.Duration // one way
	server *http.Server
	url    string

	mu   sync.Mutex
	free time.Time // when all that was received so far is through
}

// dial starts a proxy. The caller must close its server.
func dial(rate float64, delay time.Duration) (*line, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &line{rate: rate, delay: delay, url: "http://" + listener.Addr().String()}
	l.server = &http.Server{Handler: l}
	go func() { _ = l.server.Serve(listener) }() // its error is that it was closed
	return l, nil
}

// variables returns those that have package managers use the proxy. A nil line has none.
func (l *line) variables() map[string]string {
	if l == nil {
		return nil
	}
	return map[string]string{"HTTPS_PROXY": l.url, "https_proxy": l.url}
}

// ServeHTTP connects a client to a server. Package registries are asked by HTTPS only, so there is no other method.
func (l *line) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method != http.MethodConnect {
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
		return
	}
	server, err := net.Dial("tcp", q.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer server.Close()
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	fmt.Fprint(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		l.carry(server, client, func(int) time.Time { return time.Now() })
		_ = server.Close() // ends the other direction
	}()
	l.carry(client, server, l.reserve)
}

// reserve returns the time at which n bytes more are through.
func (l *line) reserve(n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / l.rate * float64(time.Second)))
	return l.free
}

// carry copies until one end is closed. through returns when n bytes have passed the line; they arrive after the delay.
func (l *line) carry(to io.WriteCloser, from io.Reader, through func(n int) time.Time) {
	type packet struct {
		data []byte
		due  time.Time
	}
	packets := make(chan packet, 64) // more than are on their way at a time
	go func() {
		defer close(packets)
		for {
			data := make([]byte, 16<<10)
			n, err := from.Read(data)
			if n > 0 {
				packets <- packet{data[:n], through(n).Add(l.delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range packets {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.data); err != nil {
			_ = to.Close() // the reader ends with its own connection
		}
	}
}
