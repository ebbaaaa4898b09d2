package integration

import "regexp"

// codeBlock is one of a page of docs, in YAML or TOML.
var codeBlock = regexp.MustCompile("(?ms)^```(yaml|toml)\n(.*?)^```$")

// codeBlocks are the texts of those in one language.
func codeBlocks(page, language string) (found []string) {
	for _, block := range codeBlock.FindAllStringSubmatch(page, -1) {
		if block[1] == language {
			found = append(found, block[2])
		}
	}
	return found
}
