package build

import (
	"fmt"
	"os"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// terminationLog is where Kubernetes looks for the last words of a container, which kpack shows in the status of its Image.
// https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
const terminationLog = "/dev/termination-log"

// lastWords writes to the file, if the platform has made it, what has happened: the rest is in the log.
func lastWords(file string, err error) {
	var lines []string
	shown, more := fail.Few(err)
	for _, each := range shown {
		line, _, _ := strings.Cut(each.Error(), "\n")
		if user, ok := fail.User(each); ok {
			line = user.What + " (" + user.ID + ")"
		}
		lines = append(lines, show.Clean(line))
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("%d more problems", more))
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return // there is no Kubernetes
	}
	defer out.Close()
	_, _ = out.WriteString(strings.Join(lines, ". ") + ".\n") // the log has it all; this is one place more
}
