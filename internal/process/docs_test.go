package process

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var update = flag.Bool("update", false, "write the generated parts of the page about processes")

// page is about processes.
const page = "../../docs/reference/processes.md"

func TestDocumentationListsFrameworks(t *testing.T) {
	var known []string
	for _, f := range frameworks {
		known = append(known, pages.Code(f.name))
	}
	pages.Check(t, page, "frameworks", pages.List(known), *update)
}

// The table of servers has the commands that Tandem starts.
func TestDocumentationListsServers(t *testing.T) {
	var rows [][]string
	for _, s := range servers {
		command := strings.ReplaceAll(fmt.Sprintf(s.command, "mysite.wsgi"), "mysite.wsgi", "MODULE:APP")
		rows = append(rows, []string{"`" + s.name + "`", strings.ToUpper(s.serves), "`" + command + "`"})
	}
	pages.Check(t, page, "servers",
		pages.Table([]string{"package", "interface", "command"}, rows), *update)
}
