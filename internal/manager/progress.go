package manager

import "strings"

// progress lists the beginnings of the lines in which a package manager reports progress, a line for each package or
// phase. Tandem warns of install scripts itself. Source: the output of uv 0.12, pip 25, Poetry 2, Pipenv 2025, Yarn 1
// and 4, pnpm 10 and bun 1.4.
const progress = `+ |- |~ |Resolved |Prepared |Installed |Uninstalled |Audited |Checked |Downloading |Downloaded
|Building |Built |Updating |Updated |Using Python |Using CPython |Creating virtual environment
|Collecting |Using cached |Obtaining |Processing |Requirement already satisfied|Preparing metadata
|Getting requirements to build|Installing build dependencies|Installing backend dependencies|Building wheel
|Created wheel|Stored in directory|Building editable|Installing collected packages|Successfully |Attempting uninstall
|Found existing installation
|Installing dependencies from|Package operations:|Virtualenv already activated|Courtesy Notice
|[1/|[2/|[3/|[4/|[5/|success |Done in |➤ YN0000: |➤ YN0013: |Lockfile is up to date
|bun install v|Resolving dependencies|Resolved, |Saved lockfile
|npm warn install-scripts|Progress: |Packages: |++++|dependencies:|devDependencies:|Already up to date`

// IsProgress reports whether a line that a package manager prints is only of interest if the installation fails.
func IsProgress(line string) bool {
	if line = strings.TrimSpace(line); line == "" {
		return true
	}
	for begin := range strings.SplitSeq(progress, "|") {
		if strings.HasPrefix(line, strings.TrimSuffix(begin, "\n")) {
			return true
		}
	}
	return false
}
