package recipe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func shown(all []Command) (lines []string) {
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%d %s", c.Line, strings.Join(c.Words, " ")))
	}
	return lines
}

func TestCommandsOfADockerfile(t *testing.T) {
	const text = "# syntax=docker/dockerfile:1\nFROM node:24 AS front\nCOPY . .\n\n" +
		"RUN --mount=type=cache,target=/root/.npm npm ci \\\n  # why\n  && npx webpack --mode production\r\n" +
		"run [\"yarn\", \"build\"]\nENV X=\"npm ci\"\nRUN\nRUN []\nCMD npm start\nRUN echo 'unclosed\n" +
		"RUN npm run last \\\n"
	want := []string{"5 npm ci", "5 npx webpack --mode production", "8 yarn build"}
	if diff := cmp.Diff(want, shown(Read("web/Dockerfile", text))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCommandsOfAPipeline(t *testing.T) {
	const text = "jobs:\n  build:\n    steps:\n      - uses: actions/checkout@v5\n" +
		"      - run: yarn install --frozen-lockfile\n" +
		"      - name: x\n        run: |\n          # pnpm install\n          npm ci && npm test\n" +
		"    script: \"bun install\"\n"
	var got []string
	for _, line := range shown(Read(".github/workflows/a.yml", text)) {
		for _, program := range []string{"yarn", "npm", "pnpm", "bun"} {
			if strings.Contains(line, " "+program+" ") {
				got = append(got, line)
			}
		}
	}
	want := []string{"5 yarn install --frozen-lockfile", "9 npm ci", "9 npm test", "10 bun install"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Marks of YAML and comments are no commands.
func TestLinesOfAPipeline(t *testing.T) {
	const text = "a:\n\n- run: |\n    # b\n    c 'd'\n  script: >\n    - \"e\"\n- >-\n- |+\n-\n- ''\n"
	want := []step{{1, "a:"}, {5, "c 'd"}, {7, "e"}, {10, "-"}}
	if diff := cmp.Diff(want, pipelineSteps(text), cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFilesHaveALimit(t *testing.T) {
	if n := len(Read("Dockerfile", strings.Repeat("RUN true\n", 1000))); n != mostCommands {
		t.Errorf("%d commands", n)
	}
}

// No text of a file ends the build.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"RUN [\"a\"\nRUN a \\\n", "RUN --x\n", "- run: 'a\n", "RUN <<EOF\na\nEOF\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, file := range []string{"Dockerfile", ".gitlab-ci.yml"} {
			for _, c := range Read(file, text) {
				if len(c.Words) == 0 || c.Line < 1 {
					t.Errorf("%s: %+v", file, c)
				}
			}
		}
	})
}

func TestCopiesOfADockerfile(t *testing.T) {
	const text = "FROM node AS front\ncopy . .\nCOPY --from=front --chown=1 \\\n  /app/dist/ static/\nCOPY a b c/\n" +
		"ADD x y\n"
	want := []Copy{{".", "."}, {"/app/dist", "static"}}
	if diff := cmp.Diff(want, Copies(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
