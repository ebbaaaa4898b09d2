package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// The sources that every run reads.
const (
	nodeIndex      = "https://nodejs.org/dist/index.json"
	uvReleases     = "https://github.com/astral-sh/versions/raw/main/v1/uv.ndjson"
	pythonReleases = "https://github.com/astral-sh/versions/raw/main/v1/python-build-standalone.ndjson"
	nodeSchedule   = "https://github.com/nodejs/Release/raw/main/schedule.json"
	pythonSchedule = "https://github.com/python/peps/raw/main/release_management/python-releases.toml"
)

// answers is what upstream says.
type answers struct {
	node       []nodeRelease
	uv, python []astralRelease
	ends       map[versions.ID]map[string]string // last days of support by series
	pins       [][]versions.Pin                  // of each entry of managers.json
	tools      map[string]string
}

// read asks all sources. The error names each one that does not answer or cannot be understood.
func read(ctx context.Context, ask source, d data) (a answers, err error) {
	var errs [6]error
	a.node, errs[0] = readJSON[[]nodeRelease](ctx, ask, nodeIndex)
	a.uv, errs[1] = readAstral(ctx, ask, uvReleases)
	a.python, errs[2] = readAstral(ctx, ask, pythonReleases)
	a.ends, errs[3] = readEnds(ctx, ask)
	a.pins, errs[4] = readPins(ctx, ask, d.managers)
	a.tools, errs[5] = readTools(ctx, ask, d.oldestPython())
	if errs[0] == nil && len(a.node) == 0 {
		errs[0] = fmt.Errorf("%s lists no releases", nodeIndex)
	}
	return a, errors.Join(errs[:]...)
}

func readJSON[T any](ctx context.Context, ask source, name string) (value T, err error) {
	text, err := ask.text(ctx, name)
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return value, fmt.Errorf("parse %s: %w", name, err)
	}
	return value, nil
}

// readEnds reads when the support of each series ends. Python's plan has the first day of a month, or the day of the
// last release; Paketo and endoflife.date count the whole month.
func readEnds(ctx context.Context, ask source) (map[versions.ID]map[string]string, error) {
	schedule, nodeErr := readJSON[map[string]struct{ End string }](ctx, ask, nodeSchedule)
	text, pythonErr := ask.text(ctx, pythonSchedule)
	var plan struct {
		Metadata map[string]struct {
			End time.Time `toml:"end-of-life"`
		}
	}
	if pythonErr == nil {
		if _, err := toml.Decode(text, &plan); err != nil {
			pythonErr = fmt.Errorf("parse %s: %w", pythonSchedule, err)
		}
	}
	ends := map[versions.ID]map[string]string{versions.Node: {}, versions.Python: {}}
	for name, series := range schedule {
		ends[versions.Node][strings.TrimPrefix(name, "v")] = series.End
	}
	for name, series := range plan.Metadata {
		if end := series.End; !end.IsZero() {
			lastDay := time.Date(end.Year(), end.Month()+1, 0, 0, 0, 0, 0, time.UTC)
			ends[versions.Python][name] = lastDay.Format(time.DateOnly)
		}
	}
	return ends, errors.Join(nodeErr, pythonErr)
}

// readPins reads the releases of package managers in each range of managers.json.
func readPins(ctx context.Context, ask source, series []versions.ManagerSeries) (all [][]versions.Pin, err error) {
	var errs []error
	for _, s := range series {
		pkg := manager.Node(manager.ID(s.ID)).Data().PackageFor(s.Arch)
		name := "npm view " + pkg + "@" + s.Range + " version dist.integrity --json"
		pins, err := readJSON[npmPins](ctx, ask, name)
		all, errs = append(all, pins), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// npmPins is an array of releases. For a single one npm prints the object alone.
type npmPins []versions.Pin

func (p *npmPins) UnmarshalJSON(text []byte) error {
	type release struct {
		Version   string
		Integrity string `json:"dist.integrity"`
	}
	var all []release
	if err := json.Unmarshal(text, &all); err != nil {
		var one release
		if err := json.Unmarshal(text, &one); err != nil {
			return err
		}
		all = []release{one}
	}
	for _, r := range all {
		*p = append(*p, versions.Pin(r))
	}
	return nil
}

// readTools asks uv for the requirements of the Python package managers, for every Python since oldest.
func readTools(ctx context.Context, ask source, oldest string) (map[string]string, error) {
	all, errs := map[string]string{}, []error(nil)
	for _, name := range pythonTools {
		command := "uv pip compile --universal --python-version " + oldest +
			" --generate-hashes --no-header --no-annotate --no-emit-index-url - < " + requirementsOf(name)
		text, err := ask.text(ctx, command)
		if err == nil {
			err = checkRequirements(command, name, text)
		}
		all[name], errs = text, append(errs, err)
	}
	return all, errors.Join(errs...)
}
