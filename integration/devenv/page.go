package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Expectation is what the expect.json of an example asks of the running app; examples/README.md explains the fields.
type Expectation struct {
	Page      string
	Contains  []string
	Assets    []struct{ Match, Type, Contains string }
	Processes []string
}

// Expected reads the expect.json of the example in the directory app.
func Expected(app string) (e Expectation, err error) {
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

// Check fetches the page of the app at base, and every asset of the page that e names. It returns the text of these
// assets, and an error that lists all differences.
func (e Expectation) Check(ctx context.Context, base string) (assets string, err error) {
	page, err := Fetch(ctx, base+e.Page, "text/html")
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
			assets, err = assets+body, errors.Join(err, failed)
		}
		if !found {
			err = errors.Join(err, fmt.Errorf("no link or script of the page matches %s: %v", asset.Match, urls))
		}
	}
	return assets, err
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
	return Fetch(ctx, address.String(), mediaType)
}

// Fetch returns what address answers, and an error unless that is of the media type.
func Fetch(ctx context.Context, address, mediaType string) (string, error) {
	response, body, err := Answer(ctx, address)
	if err != nil {
		return "", err
	}
	got, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || response.StatusCode != http.StatusOK || got != mediaType {
		err = fmt.Errorf("%s answers %s, %s, want 200, %s", address, response.Status, got, mediaType)
	}
	return body, err
}

// Answer asks for an address until it answers with less than a server error, for half a minute, and returns the last
// response with its body, which is already closed.
func Answer(ctx context.Context, address string) (response *http.Response, body string, err error) {
	for range 60 {
		response, body, err = Get(ctx, address)
		if err == nil && response.StatusCode < http.StatusInternalServerError {
			return response, body, nil
		}
		select {
		case <-ctx.Done():
			return response, body, context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
	if err == nil {
		err = fmt.Errorf("%s answers %s", address, response.Status)
	}
	return response, body, fmt.Errorf("no answer: %w", err)
}

// Get returns the response of an address and its body, which is already closed.
func Get(ctx context.Context, address string) (*http.Response, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}
