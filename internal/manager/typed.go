package manager

import (
	"slices"
)

// buildOptions are options of installers that only a build needs: they change what is printed, or what is done to an
// environment of an earlier build.
func buildOptions() []string {
	all := []string{
		"--quiet", "--exact", "--upgrade", "--no-interaction", "--no-ansi",
		// when packages are pruned
		"--ignore-scripts", "--no-save", "--no-package-lock", "--config.modules-cache-max-age=0",
	}
	for _, m := range Nodes() {
		all = append(all, m.Data().Commands.Quiet...)
	}
	return all
}

// Typed returns the command of an installation as a user would type it. It is nil for one that only makes an
// empty environment.
func Typed(argv []string) (words []string) {
	if len(argv) > 1 && argv[0] == "uv" && argv[1] == "venv" {
		return nil
	}
	left := buildOptions()
	for i := 0; i < len(argv); i++ {
		switch {
		case argv[i] == "--python":
			i++ // its value
		case !slices.Contains(left, argv[i]):
			words = append(words, argv[i])
		}
	}
	return words
}
