package diagnose

import (
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// fix returns the actions that apply.
func (v values) fix(all []action) (fix fail.Fix) {
	for _, a := range all {
		if !v.applies(a.If, a.Unless) {
			continue
		}
		if a.Use != "" {
			fix = append(fix, v.fix(v.texts[a.Use].Fix)...)
			continue
		}
		for _, entry := range v.each(a.Each) {
			fix = append(fix, entry.actions(a)...)
		}
	}
	return fix
}

// actions returns what an action of a rule becomes: one action, or those that write a version.
func (v values) actions(a action) fail.Fix {
	offers := map[string]versions.Offer{"python": v.Offers.Python, "node": v.Offers.Node}
	if offer, writes := offers[a.Of]; writes {
		return offer.Write(v.fill(a.Write, "text"))
	}
	return fail.Fix{v.action(a)}
}

// action returns one action with its placeholders filled. A command gets words for a shell; what Render quotes itself
// gets plain text.
func (v values) action(a action) fail.Action {
	switch {
	case a.Run != "":
		run := fail.Run{Command: v.fill(a.Run, "word")}
		if a.In == inProject {
			run.In = v.Step.Dir
		}
		return run
	case a.Set != "": // Render quotes
		return fail.Set{Name: v.fill(a.Set, "text"), Value: v.fill(a.To, "text")}
	case a.Edit != nil:
		var lines []string
		for _, line := range a.Edit {
			lines = append(lines, v.fill(line, "text"))
		}
		return fail.Edit{Lines: lines}
	case a.Bind != "":
		bind := fail.Bind{Type: a.Bind, Name: a.Name, Dir: a.Dir}
		for _, f := range a.Files {
			for _, entry := range v.each(f.Each) {
				bind.Files = append(bind.Files, fail.BoundFile{Name: entry.fill(f.Name, "text"), From: f.From,
					Text: f.Text})
			}
		}
		return bind
	case a.Builder+a.CPU != "": // Render quotes
		build := fail.Build{Builder: v.fill(a.Builder, "text"), CPU: v.fill(a.CPU, "text")}
		for _, one := range a.Buildpacks {
			build.Buildpacks = append(build.Buildpacks, v.fill(one, "text"))
		}
		return build
	}
	return fail.Say{Text: v.fill(a.Say, "name")}
}

// inProject is the value of an action's In.
const inProject = "project"
