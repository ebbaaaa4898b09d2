package integration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// expectation is what the expect.json of an example asks of the running app; examples/README.md explains the fields.
type expectation struct {
	Page      string
	Contains  []string
	Assets    []struct{ Match, Type, Contains string }
	Processes []string
}

// readExpectation reads the expect.json of the example in the directory app.
func readExpectation(app string) (e expectation, err error) {
	content, err := os.ReadFile(filepath.Join(app, "expect.json"))
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(content, &e); err != nil {
		return e, fmt.Errorf("parse expect.json: %w", err)
	}
	if e.Page == "" || len(e.Assets) == 0 || len(e.Processes) == 0 {
		return e, fmt.Errorf("%s asks for nothing", app)
	}
	return e, nil
}

// tag matches the URL of a stylesheet or script of a page.
var tag = regexp.MustCompile(`<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"`)

// check fetches the page of the app at base, and every asset of the page that e names. The error lists all differences.
func (e expectation) check(ctx context.Context, base string) (err error) {
	page, err := fetch(ctx, base+e.Page, "text/html")
	for _, text := range e.Contains {
		if !strings.Contains(page, text) {
			err = errors.Join(err, fmt.Errorf("%q is not in the page:\n%s", text, page))
		}
	}
	var urls []string
	for _, found := range tag.FindAllStringSubmatch(page, -1) {
		urls = append(urls, strings.ReplaceAll(found[1], "&amp;", "&"))
	}
	for _, asset := range e.Assets {
		match, found := regexp.MustCompile(asset.Match), false
		for _, link := range urls {
			if !match.MatchString(link) {
				continue
			}
			found = true
			body, failed := fetchLink(ctx, base+e.Page, link, asset.Type)
			if failed == nil && !strings.Contains(body, asset.Contains) {
				failed = fmt.Errorf("%q is not in %s, which begins with\n%.300s", asset.Contains, link, body)
			}
			err = errors.Join(err, failed)
		}
		if !found {
			err = errors.Join(err, fmt.Errorf("no link or script of the page matches %s: %v", asset.Match, urls))
		}
	}
	return err
}

func fetchLink(ctx context.Context, page, link, mediaType string) (string, error) {
	base, err := url.Parse(page)
	if err != nil {
		return "", err
	}
	address, err := base.Parse(link)
	if err != nil {
		return "", err
	}
	return fetch(ctx, address.String(), mediaType)
}

// fetch returns what address answers, and an error unless that is of the media type.
func fetch(ctx context.Context, address, mediaType string) (string, error) {
	response, body, err := devenv.Answer(ctx, address)
	if err != nil {
		return "", err
	}
	got, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || response.StatusCode != http.StatusOK || got != mediaType {
		err = fmt.Errorf("%s answers %s, %s, want 200, %s", address, response.Status, got, mediaType)
	}
	return body, err
}

func expected(t *testing.T, app string) expectation {
	t.Helper()
	e, err := readExpectation(app)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// checkPage fetches the page and every asset it names and compares them with what is expected.
func checkPage(t *testing.T, base string, e expectation) {
	t.Helper()
	if err := e.check(t.Context(), base); err != nil {
		t.Error(err)
	}
}
