package manager

import (
	"regexp"
	"slices"
)

const (
	askIndex = "If it comes from a private index, name that:\n    pack build … --env UV_INDEX=https://packages.example.com/simple"
	newPins  = "Make the hashes anew from a machine that you trust, and look at what has changed:\n    "
	asPython = "Ask for a Python that all packages know, or for other versions of the packages:\n    echo 3.12 > .python-version"
	// A netrc is what all of uv, pip and Poetry read.
	pythonLogin = "Give the installation, and nothing else, the login by a binding of type netrc:\n" +
		"    mkdir -p bindings/netrc && echo netrc >bindings/netrc/type\n" +
		"    echo 'machine packages.example.com login NAME password …' >bindings/netrc/.netrc\n" +
		"    pack build … --volume \"$PWD/bindings/netrc:/platform/bindings/netrc:ro\""
)

// newerPython is said where one is named that all want.
func newerPython(pattern, evidence string) Failure {
	return Failure{
		ID: "python/requires-python", Pattern: regexp.MustCompile(pattern), What: "The packages do not fit this version of Python", Evidence: []string{evidence},
		Fix: "Ask for a newer Python, or for older versions of the packages:\n    echo $1 > .python-version",
	}
}

// uvFailures are those of uv; file is where its user names packages, and again makes hashes anew, those too that are there. The captured outputs are in testdata/failures.
func uvFailures(file, again string) Failures {
	return slices.Concat(Failures{
		{
			ID: "python/index-login", Marks: []string{"lack of valid authentication credentials"}, What: "The package index wants a login",
			Evidence: []string{"An index URL"}, Fix: pythonLogin,
		},
		noIndexCertificate("Failed to fetch:", "Failed to download", "error: "),
		unreachable("error sending request for url", "dns error"),
		{
			ID: "python/hash-mismatch", Marks: []string{"Hash mismatch for"}, What: "{package} is not the file whose hash the app names",
			Evidence: []string{"Hash mismatch for"}, Fix: newPins + again,
		},
		noHash("In `--require-hashes` mode", again),
		newerPython(`does not satisfy Python>=(\d+\.\d+)`, "Because the current Python"), newerPython("Python requirement: `>=(\\d+\\.\\d+)", "The requested interpreter"),
		{
			ID: "python/requires-python", Marks: []string{"the current Python version (", "incompatible with the project's Python requirement", "doesn't have a source distribution or wheel for the current platform", "is not compatible with the current Python"},
			What: "The packages do not fit this version of Python", Evidence: []string{"Because the current Python", "The requested interpreter", "Distribution `"}, Fix: asPython,
		},
		noGit("Git executable not found"),
	}, builds, Failures{
		noSuchPackage(file),
		{
			ID: "python/conflict", Marks: []string{"we can conclude that your"}, What: "The packages that the app asks for contradict each other",
			Evidence: []string{"Because "}, Fix: "Loosen or change one of the versions named above, in " + file + ".",
		},
	})
}

func pipFailures() Failures {
	const again = "pip-compile --generate-hashes --no-reuse-hashes"
	return slices.Concat(Failures{
		noIndexCertificate("Could not fetch URL"),
		unreachable("NewConnectionError", "Connection to", "Max retries exceeded"),
		{
			ID: "python/hash-mismatch", Marks: []string{"DO NOT MATCH THE HASHES"}, What: "A package is not the file whose hash the app names",
			Evidence: []string{"    Expected sha256", "Expected sha256"}, Fix: newPins + again,
		},
		noHash("In --require-hashes mode", again), noHash("Hashes are required in --require-hashes mode", again),
		{
			ID: "python/requires-python", Marks: []string{"that require a different python version"}, What: "The packages do not fit this version of Python",
			Evidence: []string{"Could not find a version that satisfies"}, Fix: asPython,
		},
		{
			ID: "python/conflict", Marks: []string{"ResolutionImpossible"}, What: "The packages that the app asks for contradict each other",
			Evidence: []string{"The conflict is caused by", "Cannot install"}, Fix: "Loosen or change one of the versions named above.",
		},
		noGit("Cannot find command 'git'"),
	}, builds, Failures{
		{
			ID: "python/no-such-package", Marks: []string{"(from versions: none)"}, What: "pip has found no version of a package that the app asks for",
			Evidence: []string{"Could not find a version"},
			Fix: "Correct its name. pip says the same if the index does not answer, or wants a login, or if the package is a private one:\n" +
				"then its pip.conf, with address and login, must be in a binding of type pip:\n    " + asBinding("pip", "~/.config/pip/pip.conf"),
		},
		{
			ID: "python/no-such-package", Marks: []string{"No matching distribution found"}, What: "A package that the app asks for does not exist in this version",
			Evidence: []string{"No matching distribution found"}, Fix: "Correct the version.",
		},
	})
}

func poetryFailures() Failures {
	const relock = "Make the lock again and commit it:\n    poetry lock"
	return slices.Concat(Failures{
		{
			ID: "python/lock-out-of-sync", Marks: []string{"changed significantly since poetry.lock was last generated"}, What: "poetry.lock does not belong to pyproject.toml",
			Why: "pyproject.toml was changed after the lock was made.", Fix: relock,
		},
		{
			ID: "python/hash-mismatch", Marks: []string{"did not match any known checksums"}, What: "A package is not the file whose hash the app names",
			Evidence: []string{"Downloaded distributions for"}, Fix: newPins + "poetry lock --no-cache --regenerate",
		},
		{
			ID: "python/requires-python", Marks: []string{"is not allowed by the project"}, What: "The packages do not fit this version of Python",
			Evidence: []string{"Current Python version"}, Fix: asPython,
		},
		{
			ID: "python/not-a-package", Marks: []string{"The current project could not be installed"}, What: "The app cannot be installed as a package",
			Evidence: []string{"The current project could not be installed"},
			Fix:      "If it is none, say so in pyproject.toml:\n    [tool.poetry]\n    package-mode = false",
		},
		{
			ID: "python/index-login", Marks: []string{"Authorization error accessing"}, What: "The package index wants a login",
			Evidence: []string{"Authorization error accessing"},
			Fix:      "Give the installation, and nothing else, the login by a binding of type poetry (or netrc):\n    " + asBinding("poetry", "~/.config/pypoetry/auth.toml"),
		},
		unreachable("All attempts to connect to", "Max retries exceeded"),
		{
			ID: "python/no-such-package", Marks: []string{"Unable to find installation candidates for"}, What: "A package of poetry.lock cannot be had for this Python and processor",
			Evidence: []string{"Unable to find installation candidates"}, Fix: relock,
		},
		noGit("Cannot find command 'git'"),
	}, builds)
}

func pipenvFailures() Failures {
	return slices.Concat(Failures{{
		ID: "python/lock-out-of-sync", Marks: []string{"Pipfile.lock is out-of-date"}, What: "Pipfile.lock does not belong to the Pipfile",
		Why: "The Pipfile was changed after the lock was made: its checksum in the lock is of another one.", Fix: "Make the lock again and commit it:\n    pipenv lock",
	}}, uvFailures("the Pipfile", "pipenv lock"))
}

func unreachable(marks ...string) Failure {
	return Failure{
		ID: "python/no-network", Marks: marks, What: "The package index cannot be reached",
		Evidence: []string{"Failed to fetch:", "Failed to download", "All attempts to connect", "HTTPConnectionPool", "HTTPSConnectionPool"},
		Fix: "Check that the build can reach the address above, and HTTPS_PROXY and NO_PROXY. If only a mirror can be reached:\n    pack build … --env UV_DEFAULT_INDEX=https://packages.example.com/simple\n" +
			"A certificate that is not trusted may look the same; a binding of type ca-certificates has those of a company.",
	}
}

func noHash(mark, again string) Failure {
	return Failure{
		ID: "python/hash-missing", Marks: []string{mark}, What: "Some requirements have hashes and some have none",
		Evidence: []string{mark}, Fix: "One hash means that every package must have a version and a hash. Make them all, or none:\n    uv pip compile --generate-hashes requirements.in --output-file requirements.txt",
	}
}

func noGit(mark string) Failure {
	return Failure{
		ID: "python/no-git", Marks: []string{mark}, What: "A package comes from git, and the build image has no git", Evidence: []string{mark},
		Fix: "Build with an image that has git, or name an archive of the same commit:\n    name @ https://git.example.com/team/name/archive/COMMIT.tar.gz",
	}
}

func noSuchPackage(file string) Failure {
	return Failure{
		ID: "python/no-such-package", Marks: []string{"was not found in the package registry", "was not found in the provided package locations", "there is no version of"},
		What: "A package that the app asks for does not exist", Evidence: []string{"Because ", "× "},
		Fix: "Correct its name or version in " + file + ". " + askIndex,
	}
}

func noIndexCertificate(evidence ...string) Failure {
	return untrusted("python/certificate", "The certificate of the package index is not trusted", evidence...)
}
