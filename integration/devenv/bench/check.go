package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// expectation is an example's expect.json; examples/README.md explains the fields.
type expectation struct {
	Page     string
	Contains []string
	Assets   []struct{ Match, Contains string }
}

func expected(app string) (e expectation, err error) {
	content, err := os.ReadFile(filepath.Join(app, "expect.json"))
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(content, &e); err != nil {
		return e, fmt.Errorf("parse expect.json: %w", err)
	}
	return e, nil
}

// check starts the image and looks whether it is the app, with the change. The floor never has the change.
func (b *bench) check(ctx context.Context, o *opponent, c change, mark string, round int) (err error) {
	id, address, err := b.startContainer(ctx, o.image)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			logs, _ := b.engine.docker(ctx, "logs", id) // the other error is the one to read
			err = fmt.Errorf("%w\n%s", err, logs)
		}
		err = errors.Join(err, b.removeContainer(ctx, id))
	}()
	if o.name == floor {
		c = change{}
	}
	if err := b.checkPage(ctx, address, c, mark); err != nil {
		return err
	}
	if probe := c.probe(mark, round); probe != "" {
		if _, err := b.engine.docker(ctx, "exec", id, "bash", "-c", probe); err != nil {
			return fmt.Errorf("the change is not in the image: %w", err)
		}
	}
	return nil
}

// tag matches the address of a style sheet or script of a page.
var tag = regexp.MustCompile(`<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"`)

func (b *bench) checkPage(ctx context.Context, base string, c change, mark string) error {
	page, err := fetch(ctx, base+b.want.Page)
	if err != nil {
		return err
	}
	for _, text := range b.want.Contains {
		if !strings.Contains(page, text) {
			return fmt.Errorf("%q is not in the page:\n%s", text, page)
		}
	}
	var bodies strings.Builder
	var links []string
	for _, found := range tag.FindAllStringSubmatch(page, -1) {
		link, err := url.JoinPath(base, found[1])
		if err != nil {
			return err
		}
		body, err := fetch(ctx, link)
		if err != nil {
			return err
		}
		links = append(links, link)
		bodies.WriteString(body)
	}
	for _, asset := range b.want.Assets {
		if match := regexp.MustCompile(asset.Match); !matches(match, links) || !strings.Contains(bodies.String(), asset.Contains) {
			return fmt.Errorf("no asset of the page matches %s and contains %q: %v", asset.Match, asset.Contains, links)
		}
	}
	if c.asset && !strings.Contains(bodies.String(), mark) {
		return fmt.Errorf("the change %s is in no asset of the page: %v", mark, links)
	}
	return nil
}

func matches(pattern *regexp.Regexp, links []string) bool {
	for _, link := range links {
		if pattern.MatchString(link) {
			return true
		}
	}
	return false
}

func fetch(ctx context.Context, address string) (string, error) {
	status, body, err := devenv.Answer(ctx, address)
	if err == nil && status != 200 {
		err = fmt.Errorf("%s answers %d", address, status)
	}
	return body, err
}

// freeAddress is one of the loopback interface that was free a moment ago.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
