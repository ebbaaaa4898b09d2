package manager

import (
	"slices"
	"strings"
)

// misleading returns variables that redirect a tool of a build to another directory, Python or project, or make it do
// something else than install. They may be meant for the app steps, or come from the machine on which the build starts.
// It has no variables that only change which packages are installed and where they come from.
func misleading() []string {
	return []string{
		// Python. https://docs.python.org/3/using/cmdline.html#environment-variables
		"PYTHONPATH", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR", "PYTHONOPTIMIZE",
		"PYTHONPYCACHEPREFIX", "PYTHONINSPECT", "PYTHONWARNINGS", "PYTHONVERBOSE", "PYTHONPROFILEIMPORTTIME",
		"VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "WORKON_HOME", "PIPENV_ACTIVE", "POETRY_ACTIVE",
		// pip. https://pip.pypa.io/en/stable/cli/pip_install/
		"PIP_TARGET", "PIP_USER", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN",
		"PIP_REPORT", "PIP_SRC",
		// uv. https://docs.astral.sh/uv/reference/environment/
		"UV_PYTHON", "UV_PYTHON_PREFERENCE", "UV_MANAGED_PYTHON", "UV_NO_MANAGED_PYTHON", "UV_SYSTEM_PYTHON",
		"UV_BREAK_SYSTEM_PACKAGES", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
		"UV_FROZEN", "UV_LOCKED", "UV_NO_SYNC", "UV_ISOLATED", "UV_ENV_FILE", "UV_COMPILE_BYTECODE",
		// Poetry and Pipenv. https://pipenv.pypa.io/en/latest/configuration.html
		"POETRY_VIRTUALENVS_PATH", "POETRY_VIRTUALENVS_PREFER_ACTIVE_PYTHON", "POETRY_VIRTUALENVS_USE_POETRY_PYTHON",
		"PIPENV_PIPFILE", "PIPENV_PYTHON", "PIPENV_DEFAULT_PYTHON_VERSION", "PIPENV_CUSTOM_VENV_NAME",
		// What is run first in every shell, in every program and in Node.js, and what hides packages of the user from
		// Python. https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html,
		// https://man7.org/linux/man-pages/man8/ld.so.8.html
		"BASH_ENV", "ENV", "LD_PRELOAD", "LD_AUDIT", "NODE_REPL_EXTERNAL_MODULE", "PYTHONNOUSERSITE",
		// git, which all of them call for packages of a repository.
		// https://git-scm.com/book/en/v2/Git-Internals-Environment-Variables
		"GIT_CONFIG", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
	}
}

// misleadingNode returns those of Node's package managers. They redirect "npm run" too, which is a tool. npm and pnpm
// read any spelling. https://docs.npmjs.com/cli/v11/using-npm/config
func misleadingNode() []string {
	return []string{
		"NPM_CONFIG_PREFIX", "NPM_CONFIG_GLOBAL", "NPM_CONFIG_LOCATION", "NPM_CONFIG_LOCAL_PREFIX",
		"NPM_CONFIG_GLOBAL_PREFIX", "NPM_CONFIG_DRY_RUN", "NPM_CONFIG_PACKAGE_LOCK", "NPM_CONFIG_PACKAGE_LOCK_ONLY",
		"NPM_CONFIG_WORKSPACE", "NPM_CONFIG_WORKSPACES", "NPM_CONFIG_DIR", "NPM_CONFIG_LOCKFILE_ONLY",
		"PNPM_CONFIG_GLOBAL", "PNPM_CONFIG_DIR", "PNPM_CONFIG_LOCKFILE_ONLY", "YARN_PRODUCTION", "YARN_IGNORE_PATH",
		"YARN_IGNORE_CWD", "YARN_LOCKFILE_FILENAME", "BUN_CONFIG_SKIP_SAVE_LOCKFILE", "BUN_CONFIG_SKIP_LOAD_LOCKFILE",
		"BUN_CONFIG_SKIP_INSTALL_PACKAGES",
	}
}

// Unusable reports whether a language does not start with a variable. PYTHONHOME redirects any Python to the library of
// another one.
func Unusable(name string) bool { return name == "PYTHONHOME" }

// Misleads reports whether a variable would redirect the package managers. They must not see it. GIT_CONFIG_COUNT and
// the like are settings of git, which may be commands. https://git-scm.com/docs/git-config#ENVIRONMENT
func Misleads(name string) bool {
	return slices.Contains(misleading(), name) || strings.HasPrefix(name, "GIT_CONFIG_") || MisleadsNode(name)
}

// MisleadsNode is like Misleads, for Node.js package managers alone.
func MisleadsNode(name string) bool {
	upper := strings.ReplaceAll(strings.ToUpper(name), "-", "_")
	return (upper == name || isNodeConfig(upper)) && slices.Contains(misleadingNode(), upper)
}

// isNodeConfig reports whether a variable, in upper case, is a setting of npm or pnpm.
func isNodeConfig(upper string) bool {
	return strings.HasPrefix(upper, "NPM_CONFIG_") || strings.HasPrefix(upper, "PNPM_CONFIG_")
}
