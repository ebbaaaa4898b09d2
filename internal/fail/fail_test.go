package fail

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

const odd = "a\x1b[2J\x1b]0;title\x07\x00\r\u009b31m\u202eb\u2028c\xff\x7f\n::error::x\n##vso[task.x]y"

func TestErrorsAreClean(t *testing.T) {
	err := &Error{ID: "a/" + odd, What: odd, Why: odd, Fix: Fix{Say{odd}}}
	for _, text := range []string{err.Error(), Join(err, err).Error(), fmt.Errorf("x: %w", err).Error()} {
		if raw, line := hostile.Raw(text), hostile.Obeyed(text); raw != "" || line != "" {
			t.Errorf("raw %q, obeyed %q", raw, line)
		}
	}
	if got, want := (&Error{ID: "a/b", What: "Übel", Why: "\n  ✓ x\n",
		Fix: Fix{Say{"Do:"}, Run{Command: "y"}}}).Error(),
		"Übel\n\n  ✓ x\n\nDo:\n    y\n\n(a/b)"; got != want {
		t.Errorf("got %q", got)
	}
}

// Of many errors 20 are shown, and no kind hides the others.
func TestFew(t *testing.T) {
	of := func(id string, n int) (all []error) {
		for range n {
			all = append(all, &Error{ID: id, What: "x"})
		}
		return all
	}
	for name, c := range map[string]struct {
		errs []error
		want string
		more int
	}{
		"none":         {nil, "", 0},
		"one":          {of("a", 1), "a", 0},
		"20":           {of("a", 20), strings.Repeat("a", 20), 0},
		"of one kind":  {of("a", 20_000), strings.Repeat("a", 20), 19_980},
		"of two kinds": {append(of("a", 100), of("b", 3)...), strings.Repeat("a", 17) + "bbb", 83},
		"of three kinds": {append(append(of("a", 100), of("b", 100)...), of("c", 100)...),
			strings.Repeat("a", 10) + "bbbbbccccc", 280},
		"internal too": {append(of("a", 100), errors.New("x")), strings.Repeat("a", 19) + "?", 81},
	} {
		t.Run(name, func(t *testing.T) {
			shown, more := Few(Join(c.errs...))
			got := ""
			for _, err := range shown {
				id := "?"
				if user, ok := User(err); ok {
					id = user.ID
				}
				got += id
			}
			if got != c.want || more != c.more {
				t.Errorf("got %s and %d more", got, more)
			}
		})
	}
	text := Join(of("a", 20_000)...).Error()
	if n := strings.Count(text, "(a)"); n != 20 || !strings.HasSuffix(text, "\n\nand 19980 more problems") {
		t.Errorf("%d are shown: %.300s", n, text)
	}
	var all []string
	for _, err := range Each(Join(append(of("b", 2), of("a", 30)...)...)) {
		user, _ := User(err)
		all = append(all, user.ID)
	}
	if want := append([]string{"b", "b"}, slices.Repeat([]string{"a"}, 30)...); !cmp.Equal(want, all) {
		t.Errorf("Each returns %v", all)
	}
}

func TestATemporaryErrorEndsWithAdvice(t *testing.T) {
	for temporary, want := range map[bool]string{true: "  " + again + "\n", false: ""} {
		err := &Error{ID: "a/b", What: "x", Fix: Fix{Say{"y"}}, Temporary: temporary}
		report := Reporter{Docs: "https://example.com", Platform: Project}.Report(err)
		if report != "Error: x [a/b]\n  Fix: y\n"+want+"  https://example.com/a.md#b" {
			t.Errorf("got\n%s", report)
		}
		if strings.Contains(err.Error(), again) != temporary {
			t.Errorf("got\n%v", err)
		}
	}
}
