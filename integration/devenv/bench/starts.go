package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// How often a container is started, and how long its first answer may take.
const (
	startRounds  = 7
	startPatient = time.Minute
)

// startContainer starts the image's default process and says where it will answer.
func (b *bench) startContainer(ctx context.Context, image string) (id, address string, err error) {
	if address, err = freeAddress(); err != nil {
		return "", "", err
	}
	_, port, _ := net.SplitHostPort(address)
	// One worker for all: Tandem's images start as many as the machine has processors for, which on few of them takes longer.
	id, err = b.engine.docker(ctx, "run", "--detach", "--network", "host", "--env", "PORT="+port, "--env", "WEB_CONCURRENCY=1", "--env", "SECRET_KEY="+strings.Repeat("only-for-benchmarks-", 4), image)
	return id, "http://" + address, err
}

func (b *bench) removeContainer(ctx context.Context, id string) error {
	_, err := b.engine.docker(context.WithoutCancel(ctx), "rm", "--force", "--volumes", id)
	return err
}

// starts is the table of how long containers of Tandem's and the Dockerfile's image need until they answer. They take turns.
func (b *bench) starts(ctx context.Context) (string, error) {
	times := map[string][]time.Duration{}
	for range startRounds {
		for _, o := range b.started(ctx) {
			took, err := b.firstAnswer(ctx, o.image)
			if err != nil {
				return "", fmt.Errorf("start the image of %s: %w", o.name, err)
			}
			times[o.name] = append(times[o.name], took)
		}
	}
	t := newTable([]string{"from `docker run` to the first answer", "median, s", "least, s"})
	for _, o := range b.started(ctx) {
		t.add([]string{o.name, seconds(median(times[o.name])), seconds(slices.Min(times[o.name]))})
	}
	return t.text.String(), nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

// started are the opponents whose containers are compared, where they have an image: the others' are as Tandem's.
func (b *bench) started(ctx context.Context) (found []*opponent) {
	for _, o := range b.opponents {
		if (o.name == tandem || o.name == docker) && b.engine.imageID(ctx, o.image) != "" {
			found = append(found, o)
		}
	}
	return found
}

func (b *bench) firstAnswer(ctx context.Context, image string) (took time.Duration, err error) {
	begin := time.Now()
	id, address, err := b.startContainer(ctx, image)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.removeContainer(ctx, id)) }()
	ctx, cancel := context.WithTimeout(ctx, startPatient)
	defer cancel()
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+b.want.Page, nil)
		if err != nil {
			return 0, err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Since(begin), nil
			}
		}
		time.Sleep(5 * time.Millisecond) // a process that does not listen yet refuses at once
	}
	return 0, context.Cause(ctx)
}
