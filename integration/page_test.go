package integration

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// expectation is what an example's expect.json asks of the running app; examples/README.md explains the fields.
type expectation struct {
	Page      string
	Contains  []string
	Assets    []asset
	Processes []string
}

type asset struct{ Match, Type, Contains string }

func expected(t *testing.T, app string) (e expectation) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(app, "expect.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	if e.Page == "" || len(e.Assets) == 0 || len(e.Processes) == 0 {
		t.Fatalf("%s asks for nothing", app)
	}
	return e
}

// tag matches the URL of a stylesheet or script of a page.
var tag = regexp.MustCompile(`<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"`)

// checkPage fetches the page and every asset it names and compares them with what is expected.
func checkPage(t *testing.T, base string, e expectation) {
	t.Helper()
	page := fetch(t, base+e.Page, "text/html")
	for _, text := range e.Contains {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not in the page:\n%s", text, page)
		}
	}
	var urls []string
	for _, m := range tag.FindAllStringSubmatch(page, -1) {
		urls = append(urls, strings.ReplaceAll(m[1], "&amp;", "&"))
	}
	for _, a := range e.Assets {
		match, found := regexp.MustCompile(a.Match), false
		for _, u := range urls {
			if !match.MatchString(u) {
				continue
			}
			found = true
			if body := fetch(t, resolve(t, base+e.Page, u), a.Type); !strings.Contains(body, a.Contains) {
				t.Errorf("%q is not in %s, which begins with\n%.300s", a.Contains, u, body)
			}
		}
		if !found {
			t.Errorf("no link or script of the page matches %s: %v", a.Match, urls)
		}
	}
}

func resolve(t *testing.T, page, ref string) string {
	t.Helper()
	base, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	u, err := base.Parse(ref)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func fetch(t *testing.T, address, mediaType string) string {
	t.Helper()
	response, body, err := get(address)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || response.StatusCode != http.StatusOK || got != mediaType {
		t.Errorf("%s answers %s, %s, want 200, %s", address, response.Status, got, mediaType)
	}
	return body
}

var client = http.Client{Timeout: 20 * time.Second}

// get asks for up to half a minute: a process may still be starting.
func get(address string) (response *http.Response, body string, err error) {
	for range 60 {
		if response, err = client.Get(address); err == nil {
			data, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err == nil {
				return response, string(data), nil
			}
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil, "", fmt.Errorf("no answer: %w", err)
}
