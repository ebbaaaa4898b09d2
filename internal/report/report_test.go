package report

import (
	"reflect"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

func TestTheReportIsDocumented(t *testing.T) {
	pages.CheckFields(t, "../../docs/reference/build-report.md", reflect.TypeFor[Build]())
}
