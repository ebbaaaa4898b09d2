package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestUpstream(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/index.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte("[]"))
	}))
	t.Cleanup(server.Close)
	for name, want := range map[string]string{
		server.URL + "/index.json": "[]", "cat - < pip": "pip\n", "printf %s": "",
	} {
		if got, err := source(upstream).text(t.Context(), name); err != nil || got != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, want := range map[string]string{
		server.URL + "/none": "/none does not answer: 404 Not Found", "no-such-program x": "no-such-program",
		"cat /no/such/file": "exit status 1\ncat: ",
	} {
		if got, err := source(upstream).text(t.Context(), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
