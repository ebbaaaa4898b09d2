package bench

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// A download over a slow line takes as long as its bytes and the way there and back, and has the same bytes.
func TestASlowLineDelaysDownloads(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 50<<10/16)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(body)
	}))
	defer server.Close()
	for name, c := range map[string]struct {
		rate  float64
		delay time.Duration
		least time.Duration
	}{
		"rate":  {200e3, 0, 240 * time.Millisecond},
		"delay": {1e9, 30 * time.Millisecond, 120 * time.Millisecond}, // TLS and the request: two ways
	} {
		l, err := dial(c.rate, c.delay)
		if err != nil {
			t.Fatal(err)
		}
		proxy, err := url.Parse(l.variables()["HTTPS_PROXY"])
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		}}
		start := time.Now()
		response, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		took := time.Since(start)
		response.Body.Close()
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%s: got %d bytes (%v)", name, len(got), err)
		}
		if took < c.least {
			t.Errorf("%s: took %v, less than %v", name, took, c.least)
		}
		client.CloseIdleConnections()
		if err := l.server.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A proxy that is asked for anything but a connection says so: a build must not go around it.
func TestASlowLineRefusesPlainRequests(t *testing.T) {
	l, err := dial(1e9, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.server.Close()
	response, err := http.Get(l.url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("got %s", response.Status)
	}
}
