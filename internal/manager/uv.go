package manager

// UVLock is uv with a project and its lock. https://docs.astral.sh/uv/concepts/projects/sync/
func UVLock() Python {
	return Python{
		Name: "uv.lock", Files: []string{"uv.lock", "pyproject.toml"}, Try: "uv sync --locked --no-default-groups",
		Commands: func(t Target) [][]string {
			return [][]string{{"uv", "sync", "--locked", "--no-default-groups", "--python", t.Python}}
		},
		Failures: Failures{
			{
				ID: "python/lock-out-of-sync", Marks: []string{"needs to be updated, but `--locked` was provided"}, What: "uv.lock does not belong to pyproject.toml",
				Why: "pyproject.toml was changed after the lock was made.",
				Fix: "Make the lock again and commit it:\n    uv lock",
			},
			noSuchPackage("uv.lock"),
		},
	}
}

// Requirements is uv in the place of pip, which takes the same files. https://docs.astral.sh/uv/pip/compatibility/
func Requirements() Python {
	return Python{
		Name: "requirements.txt", Files: []string{"requirements.txt"}, Try: "uv pip install -r requirements.txt",
		Commands: func(t Target) [][]string {
			// The first two options do nothing to an empty environment; an old one they make what a new one would be.
			install := []string{"uv", "pip", "install", "--exact", "--upgrade", "--python", t.Venv, "--requirements", "requirements.txt"}
			if t.Exists {
				return [][]string{install}
			}
			return [][]string{{"uv", "venv", "--no-project", "--quiet", "--clear", "--python", t.Python, t.Venv}, install}
		},
		Failures: Failures{noSuchPackage("requirements.txt")},
	}
}

func noSuchPackage(file string) Failure {
	return Failure{
		ID: "python/no-such-package", Marks: []string{"was not found in the package registry", "there is no version of"},
		What: "A package that the app asks for does not exist", Evidence: []string{"Because ", "× "},
		Fix: "Correct its name or version in " + file + ". If it comes from a private index, tell uv about that:\n    pack build … --env UV_INDEX=https://packages.example.com/simple",
	}
}
