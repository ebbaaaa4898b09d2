package debian

import (
	_ "embed"
	"regexp"
	"strings"
)

// runImages lists the packages of well-known run images.
//
//go:embed runimages.txt
var runImages string

// KnownPackages returns the packages with libraries of the first run image that is well known; nil if none is. Names of
// images may have a registry, and may be the name of a stack.
func KnownPackages(images ...string) []string {
	heroku := regexp.MustCompile(`(?:^|/)heroku(?:/heroku:|-)(\d+)(?:$|[-.@])`) // heroku-24, heroku/heroku:24
	for _, image := range images {
		m := heroku.FindStringSubmatch(image)
		if m == nil {
			continue
		}
		if _, rest, ok := strings.Cut(runImages, "[heroku/heroku:"+m[1]+"]\n"); ok {
			list, _, _ := strings.Cut(rest, "[")
			return strings.Fields(list)
		}
	}
	return nil
}
