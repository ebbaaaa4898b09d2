package manager

import (
	"strings"
	"testing"
)

func TestPrune(t *testing.T) {
	for _, c := range []struct {
		id   ID
		tree Tree
		want string
	}{
		{"npm", Tree{"11.6.0", true}, "npm prune --omit=dev --ignore-scripts --no-save"},
		{"npm", Tree{"6.14.18", false}, "npm prune --production --ignore-scripts --no-save --no-package-lock"},
		{"yarn-classic", Tree{"1.22.22", true},
			"yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline"},
		{"yarn-classic", Tree{"1.22.22", false},
			"yarn install --no-lockfile --production --ignore-scripts --prefer-offline"},
		{"yarn-berry", Tree{"4.18.1", true}, "yarn workspaces focus --all --production"},
		{"yarn-berry", Tree{".yarn/releases/yarn-4.5.0.cjs", true}, "yarn workspaces focus --all --production"},
		{"yarn-berry", Tree{"3.8.7", true}, ""},
		{"pnpm", Tree{"10.34.8", true},
			"pnpm install --frozen-lockfile --prod --ignore-scripts --config.modules-cache-max-age=0"},
	} {
		m := Node(c.id)
		if got := strings.Join(m.Prune(c.tree), " "); got != c.want {
			t.Errorf("%s %+v: %s, want %s", c.id, c.tree, got, c.want)
		}
	}
}
