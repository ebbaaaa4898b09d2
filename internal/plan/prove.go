package plan

import (
	"encoding/json"
	"github.com/tandem-cnb/tandem/internal/process"
	"slices"
	"strconv"
)

// proveSeconds bounds the imports at the end of a build: all of them together.
const proveSeconds = 20

// prove returns the step that imports what the processes serve. There is none if they serve nothing that is known. It
// has the requests as a file, since a command line has a limit, and is for no layer: each build runs it.
func (p Plan) prove() []Step {
	all := process.Served(p.Processes)
	if len(all) == 0 || !p.Config.Image.CheckProcesses {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil { // texts and lists of them
		panic(err)
	}
	step := filling("image/processes", Prove, "", "")
	step.Stage, step.Input = Finish, File{p.places.private("processes.json"), string(text)}
	step.Argv = []string{"python", p.places.private("prove.py"), step.Input.Path, strconv.Itoa(proveSeconds)}
	step.Env, step.Explain = EnvImage, []string{"machine"}
	step.Needs = append([]string{PythonLayer, VenvLayer}, p.debianNeeds(step)...)
	return []Step{step}
}

// Prove returns the plan with the processes that can start, as far as results show, and with notes about the others.
// The results are in the order of the step; with any other number of results the plan stays as it is.
func (p Plan) Prove(results []process.Imported) Plan {
	proof, ok := p.image().Prove(p.Processes, results)
	if !ok {
		return p
	}
	isReplaced := func(n StagedNote) bool { return slices.Contains(proof.Replaced, n.Text) }
	p.Notes = append(slices.DeleteFunc(slices.Clone(p.Notes), isReplaced), inStage(Finish, proof.Notes)...)
	p.Processes = proof.Processes
	return p
}
