package diagnose

import (
	"slices"
	"testing"
)

// mostUnsampled is how many rules may have no captured output. The number only falls.
const mostUnsampled = 35

// checkSampled checks that each rule explains a captured output, or says why none does.
func checkSampled(t *testing.T, explaining map[string]bool) {
	rules := load()
	unsampled := 0
	for _, r := range rules.all() {
		switch {
		case r.Include != "" || r.Step != "":
		case r.Unsampled != "":
			unsampled++
			if explaining[r.name] {
				t.Errorf("%s (%s) has a sample, and says that it has none", r.name, r.ID)
			}
		case !explaining[r.name]:
			t.Errorf("%s (%s) has no sample, and does not say why", r.name, r.ID)
		}
	}
	if unsampled != mostUnsampled {
		t.Errorf("%d rules have no sample, the limit is %d", unsampled, mostUnsampled)
	}
}

// all returns the rules of all files.
func (t table) all() (rules []rule) {
	for _, set := range t.sets {
		rules = append(rules, set...)
	}
	for _, r := range t.steps {
		rules = append(rules, r)
	}
	slices.SortFunc(rules, func(a, b rule) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return rules
}
