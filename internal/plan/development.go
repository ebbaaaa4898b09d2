package plan

import (
	"strings"
)

// forDevelopment knows linters, formatters, test runners, types and git hooks: what no production build runs.
func forDevelopment(name string) bool {
	for _, prefix := range developmentPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return developmentTools[name]
}

var developmentPrefixes = []string{
	"@types/", "eslint", "@eslint/", "@typescript-eslint/", "typescript-eslint", "prettier", "@prettier/",
	"stylelint", "@stylistic/", "@commitlint/", "jest", "@jest/", "@vitest/", "@playwright/", "@testing-library/",
	"cypress", "@biomejs/", "remark", "markdownlint", "@cspell/",
}

var developmentTools = map[string]bool{
	"husky": true, "lint-staged": true, "vitest": true, "playwright": true, "mocha": true, "chai": true,
	"sinon": true, "nyc": true, "jsdom": true, "globals": true, "jshint": true, "standard": true, "xo": true,
	"oxlint": true, "cspell": true, "djlint": true, "commitlint": true, "commitizen": true,
	"cz-conventional-changelog": true, "semantic-release": true, "standard-version": true, "pyright": true,
	"htmlhint": true, "csslint": true, "ava": true, "karma": true, "jasmine": true, "release-it": true,
	"all-contributors-cli": true,
}
