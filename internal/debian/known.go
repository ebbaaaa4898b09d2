package debian

import (
	"regexp"
	"strings"
)

// KnownPackages returns the packages with libraries of the first run image that is well known; nil if none is. Names of
// images may have a registry, and may be the name of a stack.
func KnownPackages(images ...string) []string {
	heroku := regexp.MustCompile(`(?:^|/)heroku(?:/heroku:|-)(\d+)(?:$|[-.@])`) // heroku-24, heroku/heroku:24
	for _, image := range images {
		m := heroku.FindStringSubmatch(image)
		if m == nil {
			continue
		}
		if _, rest, ok := strings.Cut(read("runimages.txt"), "[heroku/heroku:"+m[1]+"]\n"); ok {
			list, _, _ := strings.Cut(rest, "[")
			return strings.Fields(list)
		}
	}
	return nil
}
