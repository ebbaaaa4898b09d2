package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

// source returns an answer of upstream. The name is a URL or a command.
type source func(ctx context.Context, name string) (io.ReadCloser, error)

// maxAnswer bounds an answer, in bytes. The largest has 12 MB.
const maxAnswer = 128 << 20

// text returns the whole answer. Each error names the source.
func (ask source) text(ctx context.Context, name string) (string, error) {
	answer, err := ask(ctx, name)
	if err != nil {
		return "", fmt.Errorf("%s does not answer: %w", name, err)
	}
	text, err := io.ReadAll(io.LimitReader(answer, maxAnswer+1))
	if err := errors.Join(err, answer.Close()); err != nil {
		return "", fmt.Errorf("%s does not answer: %w", name, err)
	}
	if len(text) > maxAnswer {
		return "", fmt.Errorf("%s has more than %d MB", name, maxAnswer>>20)
	}
	return string(text), nil
}

// upstream asks the servers and registries themselves. A command gets what follows "<" as its input.
func upstream(ctx context.Context, name string) (io.ReadCloser, error) {
	if strings.Contains(name, "://") {
		return get(ctx, name)
	}
	line, input, _ := strings.Cut(name, " < ")
	words := strings.Fields(line)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(strings.ReplaceAll(input, ", ", "\n")+"\n"), &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, errors.New(strings.TrimSpace(err.Error() + "\n" + errs.String()))
	}
	return io.NopCloser(&out), nil
}

func get(ctx context.Context, url string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 5 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.Join(errors.New(response.Status), response.Body.Close())
	}
	return response.Body, nil
}
