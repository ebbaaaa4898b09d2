package manager

import (
	"strings"
	"testing"
)

func TestTyped(t *testing.T) {
	for command, want := range map[string]string{
		"uv venv --quiet --python python3 venv":                           "",
		"uv sync --locked --no-default-groups --python python3":           "uv sync --locked --no-default-groups",
		"uv pip install --exact --upgrade --python venv --requirements a": "uv pip install --requirements a",
		"poetry export --no-interaction --no-ansi --only main":            "poetry export --only main",
		"npm ci --include=dev --no-audit --no-fund --prefer-offline":      "npm ci --include=dev",
		"yarn install --frozen-lockfile --non-interactive --no-progress":  "yarn install --frozen-lockfile",
		"pnpm install --frozen-lockfile --reporter=append-only --python":  "pnpm install --frozen-lockfile",
		"uv venv":   "",
		"uv":        "uv",
		"node venv": "node venv",
		"uv lock":   "uv lock",
		"pip install --requirement requirements.txt": "pip install --requirement requirements.txt",
	} {
		if got := strings.Join(Typed(strings.Fields(command)), " "); got != want {
			t.Errorf("%s: got %q, want %q", command, got, want)
		}
	}
}
