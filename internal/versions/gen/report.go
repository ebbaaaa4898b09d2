package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// pinned matches the name and the version of a requirement.
var pinned = regexp.MustCompile(`(?m)^(\S+)==(\S+)`)

// names returns what is known, as the report has it.
func (d data) names() (all []string) {
	for _, r := range d.inventory {
		name := r.ID.Project() + " " + r.Version
		if r.Build != "" {
			name += " (build " + r.Build + ")"
		}
		all = append(all, name)
	}
	for _, s := range d.series {
		if s.LTS != "" {
			all = append(all, fmt.Sprintf("%s %s is called %s", s.ID.Project(), s.Name, s.LTS))
		}
		if s.End != "" {
			all = append(all, fmt.Sprintf("%s %s is supported until %s", s.ID.Project(), s.Name, s.End))
		}
	}
	for _, s := range d.managers {
		for _, pin := range s.Releases {
			all = append(all, s.ID+" "+pin.Version)
		}
	}
	for tool, text := range d.tools {
		for _, m := range pinned.FindAllStringSubmatch(text, -1) {
			all = append(all, tool+": "+m[1]+" "+m[2])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// report says in Markdown what is new, what upstream has not completed yet, and which series ended in the last month.
func (d data) report(known, incomplete []string, today string) string {
	added := slices.DeleteFunc(d.names(), func(name string) bool { return slices.Contains(known, name) })
	var ended []string
	day, _ := time.Parse(time.DateOnly, today)
	monthAgo := day.AddDate(0, -1, 0).Format(time.DateOnly)
	for _, s := range d.series {
		if s.End < today && s.End >= monthAgo {
			ended = append(ended, fmt.Sprintf("%s %s, on %s", s.ID.Name(), s.Name, s.End))
		}
	}
	var out strings.Builder
	for _, part := range []struct {
		title string
		items []string
	}{
		{"New", added}, {"Support has ended", ended}, {"Not complete upstream", incomplete},
	} {
		if len(part.items) > 0 {
			fmt.Fprintf(&out, "## %s\n\n- %s\n\n", part.title, strings.Join(part.items, "\n- "))
		}
	}
	if out.Len() == 0 {
		return "Nothing is new.\n"
	}
	return strings.TrimSuffix(out.String(), "\n")
}
