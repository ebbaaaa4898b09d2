package hostile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// requirements are lines that pip itself refuses.
func requirements() (all []Case) {
	for name, line := range map[string]string{
		"bare-e": "-e", "bare-e-comment": "-e  # ./libs/mine", "bare-editable": "--editable", "e-equals": "-e=",
		"bare-r": "-r", "bare-c": "-c", "bare-f": "-f", "bare-i": "-i",
	} {
		all = append(all, Case{Name: "requirements " + name, Make: with("requirements.txt", "django\n"+line+"\n"),
			Want: Want{Problem: "python/requirements-line", Text: "line 2"}})
	}
	for name, line := range map[string]string{ // uv reports these; Tandem must not break on them
		"file-nothing": "x @ file:", "at-nothing": "x @", "bracket": "[", "e-bracket": "-e [", "e-option": "-e --",
		"r-option": "-r -r", "hash-only": "--hash", "at-at": "@ @ @", "continued": "django \\",
		"only-continued": "\\\n\\\n\\",
	} {
		all = append(all, Case{Name: "requirements odd " + name, Make: with("requirements.txt", "django\n"+line+"\n")})
	}
	includes := map[string]string{"requirements.txt": "django\n-r a.txt\n", "a.txt": "-r b.txt\n",
		"b.txt": "-r a.txt\n-r ./b.txt\n-r ../requirements.txt\n"}
	return append(all, Case{Name: "requirements include-loop", Make: Files(includes)})
}

// budgets are small files that cost much, and large ones.
func budgets() []Case {
	return slices.Concat(nestedTOML(), costlyPatterns(), costlyVersions(), longRequirements(), costlyJSON(),
		costlyYAML(),
		largeTrees())
}

// pkg is a package.json with a dependency.
func pkg(fields map[string]any) string {
	fields["dependencies"] = map[string]string{"x": "1"}
	text, _ := json.Marshal(fields)
	return string(text)
}

func nestedTOML() []Case {
	// in the words of the parser, with the line
	deep := Want{Problem: "python/pyproject-invalid|app/project-toml|version/file-invalid|python/uv-lock-invalid",
		Text: "deep"}
	return []Case{
		{Name: "toml inline-tables", Make: with("pyproject.toml", "a = "+strings.Repeat("{a=", 12000)), Want: deep},
		{Name: "toml inline-tables-closed", Make: with("pyproject.toml",
			"a = "+strings.Repeat("{a=", 3000)+"1"+strings.Repeat("}", 3000)), Want: deep},
		{Name: "toml arrays", Make: with("pyproject.toml", "a = "+strings.Repeat("[", 900_000)), Want: deep},
		{Name: "toml dotted-key", Make: with("pyproject.toml", strings.Repeat("a.", 20000)+"a = 1"), Want: deep},
		{Name: "toml dotted-header", Make: with("pyproject.toml", "["+strings.Repeat("a.", 20000)+"a]"), Want: deep},
		{Name: "toml brackets-in-strings", Make: with("pyproject.toml",
			"[tool.x]\na = '"+strings.Repeat("[{", 2000)+"'\nb = \"\"\"\n"+strings.Repeat("[{\n", 2000)+"\"\"\"\n# "+
				strings.Repeat("[", 2000)+"\n"), Want: Want{Fine: true}},
		{Name: "toml project-descriptor", Make: with("project.toml", "a = "+strings.Repeat("{a=", 12000)), Want: deep},
		{Name: "toml mise", Make: with("mise.toml", "a = "+strings.Repeat("{a=", 12000)), Want: deep},
		{Name: "toml uv-lock", Make: with("uv.lock", "version = 1\n[[package]]\nname = "+strings.Repeat("[", 900_000)),
			Want: deep},
	}
}

// costlyPatterns are commands and patterns of workspaces.
func costlyPatterns() []Case {
	long := strings.Repeat("a", 40)
	return []Case{
		{Name: "procfile parentheses", Make: with("Procfile", "web: "+strings.Repeat("(", 500_000)),
			Want: Want{Problem: "app/unreadable|procfile/line"}},
		{Name: "procfile parentheses-in-64-kb", Make: with("Procfile", "web: "+strings.Repeat("(", 60_000))},
		{Name: "procfile arithmetic", Make: with("Procfile", "web: "+strings.Repeat("$(($(", 100_000)),
			Want: Want{Problem: "app/unreadable|procfile/line"}},
		{Name: "procfile nested-shells", Make: with("Procfile", "web: "+nestedShells(12))},
		{Name: "workspaces braces", Make: func(app, _ string) error {
			return errors.Join(write(app, django),
				write(app,
					map[string]string{"package.json": pkg(map[string]any{"workspaces": []string{strings.Repeat("{a,a}",
						40) +
						"b"}}), long + "/package.json": "{}"}))
		}, Want: Want{Problem: "node/package-json-invalid"}},
		{Name: "workspaces stars", Make: func(app, _ string) error {
			return errors.Join(write(app, django),
				write(app,
					map[string]string{"package.json": pkg(map[string]any{"workspaces": []string{strings.Repeat("*a",
						30) +
						"b", strings.Repeat("**/", 30) + "b"}}), strings.Repeat("a/", 30) + "package.json": "{}",
						long + "/package.json": "{}"}))
		}},
	}
}

func costlyVersions() []Case {
	return []Case{
		{Name: "nvmrc or", Make: Files(map[string]string{"requirements.txt": "django\n",
			"package.json": pkg(map[string]any{"scripts": map[string]string{"build": "x"}}),
			".nvmrc":       strings.Repeat("99999||", 30000) + "22"}), Want: Want{Problem: "version/malformed"}},
		{Name: "python-version commas", Make: with(".python-version", strings.Repeat(">=3.9,", 30000)+"<4"),
			Want: Want{Problem: "version/malformed"}},
		{Name: "python-version long", Make: with(".python-version", strings.Repeat("3", 200_000)),
			Want: Want{Problem: "version/malformed"}},
	}
}

func longRequirements() []Case {
	return []Case{
		{Name: "requirements many-options", Make: with("requirements.txt",
			"django\n"+strings.Repeat("--foo bar\n", 300_000))},
		{Name: "requirements many-different-options", Make: func(app, _ string) error {
			var text strings.Builder
			for i := range 100_000 {
				fmt.Fprintf(&text, "--foo%d bar\n", i)
			}
			return write(app, map[string]string{"requirements.txt": "django\n" + text.String()})
		}},
		{Name: "requirements many-includes", Make: func(app, _ string) error {
			files := map[string]string{"requirements.txt": "django\n-r r0.txt\n"}
			for i := range 2000 {
				files[fmt.Sprintf("r%d.txt", i)] = fmt.Sprintf("-r r%d.txt\n", i+1)
			}
			return write(app, files)
		}},
	}
}

func costlyJSON() []Case {
	return []Case{
		{Name: "json deep", Make: with("package.json", strings.Repeat(`{"a":`, 400_000)),
			Want: Want{Problem: "node/package-json-invalid"}},
		{Name: "json many-scripts", Make: func(app, _ string) error {
			scripts := map[string]string{}
			for i := range 20000 {
				scripts[fmt.Sprint("script", i)] = "true"
			}
			return errors.Join(write(app, django),
				write(app, map[string]string{"package.json": pkg(map[string]any{"scripts": scripts})}))
		}, Env: map[string]string{"BP_NODE_RUN_SCRIPTS": "none"},
			Want: Want{Problem: "node/script-missing", Text: "more"}},
	}
}

func costlyYAML() []Case {
	return []Case{
		{Name: "yaml aliases", Make: func(app, _ string) error {
			bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
			for i := range 12 {
				bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1,
					strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9),
						","))
			}
			return errors.Join(write(app, django), write(app, map[string]string{"package.json": pkg(map[string]any{}),
				"pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "pnpm-workspace.yaml": bomb + "packages: *a12\n"}))
		}},
		{Name: "yaml deep", Make: func(app, _ string) error {
			return errors.Join(write(app, django), write(app, map[string]string{"package.json": pkg(map[string]any{}),
				"pnpm-lock.yaml":      "lockfileVersion: '9.0'\n",
				"pnpm-workspace.yaml": "packages: " + strings.Repeat("[", 100_000)}))
		}, Want: Want{Problem: "node/settings-invalid"}},
	}
}

// largeTrees are large files, many directories, and many problems in one file.
func largeTrees() []Case {
	large := Want{Problem: "app/unreadable"}
	return []Case{
		{Name: "size lock", Make: func(app, _ string) error {
			path := filepath.Join(app, "package-lock.json")
			return errors.Join(write(app, django), write(app, map[string]string{"package.json": pkg(map[string]any{}),
				"package-lock.json": "{"}), os.Truncate(path, 5<<30))
		}, Want: large},
		{Name: "size procfile", Make: func(app, _ string) error {
			return errors.Join(with("Procfile", "web: x\n")(app, ""),
				os.Truncate(filepath.Join(app, "Procfile"), 60<<20))
		}, Want: large},
		{Name: "folders deep", Make: func(app, _ string) error {
			return errors.Join(write(app, django),
				folders(app, 1200))
		}},
		{Name: "folders many", Make: func(app, _ string) error {
			for i := range 4000 {
				if err := os.MkdirAll(filepath.Join(app, fmt.Sprint("d", i%20), fmt.Sprint("d", i), "e"),
					0o755); err != nil {
					return err
				}
			}
			return errors.Join(write(app, django),
				write(app, map[string]string{"package.json": pkg(map[string]any{"workspaces": []string{"**"}})}))
		}},
		{Name: "problems many", Make: with("Procfile", strings.Repeat("no process type\n", 20000)),
			Want: Want{Problem: "procfile/line", Text: "more"}},
	}
}

// nestedShells is a command line in which each shell runs the next: bash -c "bash -c \"…\"".
func nestedShells(depth int) string {
	text := "true"
	for range depth {
		if deeper := "bash -c '" + strings.ReplaceAll(text, "'", `'\''`) + "'"; len(deeper) < 30_000 {
			text = deeper
		}
	}
	return text
}

// folders makes folders in folders, more than fit into one path.
func folders(app string, depth int) error {
	root, err := os.OpenRoot(app)
	for range depth {
		if err != nil {
			return err
		}
		if err = root.Mkdir("deep", 0o755); err != nil {
			return err
		}
		next, opened := root.OpenRoot("deep")
		root, err = next, errors.Join(opened, root.Close())
	}
	return errors.Join(err, root.Close())
}
