package cli

import (
	"flag"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/explain"
	"github.com/tandem-cnb/tandem/internal/pages"
)

// update writes the usage into the page about the command.
var update = flag.Bool("update", false, "write the generated parts of documents")

// The page of the command has the usage of its subcommands.
func TestTheUsageIsDocumented(t *testing.T) {
	for command, part := range map[string]string{"explain": "usage", "init": "usage of init"} {
		var out, errs strings.Builder
		if code := Main([]string{command, "--help"}, nil, &out, &errs); code != explain.ExitOK {
			t.Fatalf("exit code %d: %s", code, &errs)
		}
		pages.Check(t, "../../docs/reference/cli.md", part, "```text\n"+out.String()+"```", *update)
	}
}
