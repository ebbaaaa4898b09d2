package app

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func TestAptfile(t *testing.T) {
	text := "# for the thumbnails\npoppler-utils\n\n  gettext libpq5=15.8-0+deb12u1 # two\r\n" +
		":repo:deb https://apt.example.com/ stable main\nhttps://downloads.example.com/tool_1.0_amd64.deb\nlibmysql*\n" +
		"-o\nlibx-\nliby1\n"
	a := Read(fstest.MapFS{"requirements.txt": {}, "Aptfile": {Data: []byte(text)}}, Requested{}).Aptfile
	if diff := cmp.Diff([]string{"poppler-utils", "gettext", "libpq5=15.8-0+deb12u1", "liby1"},
		a.Packages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var lines []int
	for _, u := range a.Unreadable {
		if user, ok := fail.User(u.Err); !ok || user.ID != "apt/line" || u.Name != "Aptfile" {
			t.Errorf("%+v", u)
		} else {
			lines = append(lines, user.Line)
		}
	}
	if diff := cmp.Diff([]int{5, 6, 7, 8, 9}, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	none := Read(fstest.MapFS{"requirements.txt": {}}, Requested{}).Aptfile
	if len(none.Packages)+len(none.Unreadable) > 0 {
		t.Errorf("without a file: %+v", none)
	}
}
