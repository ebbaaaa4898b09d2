// Package config reads the BP_* variables and Heroku's own names, once and strictly. It decides nothing else.
package config

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Names of the variables, as users set them.
const (
	NodeVersion          = "BP_NODE_VERSION"
	NodeProjectPath      = "BP_NODE_PROJECT_PATH"
	PythonVersion        = "BP_PYTHON_VERSION"
	CPythonVersion       = "BP_CPYTHON_VERSION" // Paketo's name for it
	PythonRequirements   = "BP_PYTHON_REQUIREMENTS"
	PythonInstaller      = "BP_PYTHON_INSTALLER"
	PythonProjectPath    = "BP_PYTHON_PROJECT_PATH"
	PythonPackage        = "BP_PYTHON_PACKAGE"
	PythonExtras         = "BP_PYTHON_EXTRAS"
	PythonGroups         = "BP_PYTHON_GROUPS"
	SecretKeyPlaceholder = "BP_DJANGO_SECRET_KEY_PLACEHOLDER"
	BuildReport          = "BP_BUILD_REPORT"
	Timeline             = "BP_TIMELINE_FILE" // the former name
	LogLevel             = "BP_LOG_LEVEL"     // Paketo's name
	KeepGit              = "BP_KEEP_GIT"
	DisableCollectstatic = "DISABLE_COLLECTSTATIC"
	DebugCollectstatic   = "DEBUG_COLLECTSTATIC"
	CollectstaticArgs    = "BP_DJANGO_COLLECTSTATIC_ARGS"
	ManagePath           = "BP_DJANGO_MANAGE_PATH"
	RunScripts           = "BP_NODE_RUN_SCRIPTS"
	NodeLaunch           = "BP_NODE_LAUNCH"
	NodeModulesLaunch    = "BP_NODE_MODULES_LAUNCH"
	NPMFeed              = "BP_NPM_FEED"
	NPMProduction        = "NPM_CONFIG_PRODUCTION"
	CommandsBefore       = "BP_DJANGO_COMMANDS_BEFORE"
	CommandsAfter        = "BP_DJANGO_COMMANDS_AFTER"
	CheckProcesses       = "BP_CHECK_PROCESSES"
	AptPackages          = "BP_APT_PACKAGES"
	AptMode              = "BP_APT"
)

// Config has the settings of the user.
type Config struct {
	NodeVersion, PythonVersion, CPythonVersion string // "": not set

	NodeProjects         Projects
	PythonProject        Selected
	Requirements         []string // paths in the app
	PipItself            bool     // pip installs requirements files, not uv
	SecretKeyPlaceholder bool
	Log                  Logging
	Image                Image
	Collectstatic        Collectstatic
	NPM                  NPM
	Apt                  Apt
	RunScripts           Names
	NodeLaunch           Switch // Node in the image; not set: as the processes need it
	NodeModulesLaunch    Modules
	ManagePath           string // "": to be found

	// Management commands of Django with their arguments, before the build scripts and after collectstatic.
	CommandsBefore, CommandsAfter [][]string

	Invalid []string // variables whose values are not valid, and are not in the other fields
}

// Selected says which Python project of the app is meant, and which of its parts are installed.
type Selected struct {
	Path    string // a directory, as in NodeProjectPath; "": to be found
	Package string // the member of a uv workspace; "": to be found

	Extras, Groups []string // of the project, to install
}

// NPM has the settings of npm's installation.
type NPM struct {
	Production Switch // without devDependencies
	Feed       bool   // Tandem downloads and unpacks the packages
}

// Logging says how much of a build the log shows.
type Logging struct {
	Report  string // file for the report of the build; empty: none
	Verbose bool   // the log has all lines of the package managers
}

// Image has settings for the contents of the image and their check.
type Image struct {
	KeepGit        Switch // it has .git, without credentials
	CheckProcesses bool   // the build imports what the processes serve
}

// Collectstatic has the settings of the step of that name.
type Collectstatic struct {
	Disable, Debug Switch
	Args           []string // in addition to --noinput
}

// Modules says whether node_modules is in the image. If it is not set, it is there with Node.js.
type Modules struct {
	Switch
	Dev bool // with devDependencies
}

// Switch is a setting that is on, off or not set. If it is not set, files decide.
type Switch struct{ On, Set bool }

// Names is a list that may be set to nothing, which is not the same as not set.
type Names struct {
	Names []string
	Set   bool
}

// Read asks lookup for each variable; lookup gives the default and false for one that is not set. The errors, joined,
// are *fail.Error that name the variable, the value and the legal ones. The values of all other variables count.
func Read(lookup func(name string) (value string, set bool)) (Config, error) {
	var c Config
	c.NodeVersion = text(lookup, NodeVersion)
	c.PythonVersion = text(lookup, PythonVersion)
	c.CPythonVersion = text(lookup, CPythonVersion)
	c.Log.Report = cmp.Or(text(lookup, BuildReport), text(lookup, Timeline))
	c.Log.Verbose = strings.EqualFold(text(lookup, LogLevel), "debug")
	c.ManagePath = text(lookup, ManagePath)
	c.Collectstatic.Disable = toggle(lookup, DisableCollectstatic, Disables)
	c.Collectstatic.Debug = toggle(lookup, DebugCollectstatic, Disables)
	c.NPM.Production = toggle(lookup, NPMProduction, IsTrue)
	c.RunScripts = names(lookup, RunScripts)
	c.PythonProject.Extras, c.PythonProject.Groups = list(lookup, PythonExtras), list(lookup, PythonGroups)
	for _, name := range list(lookup, PythonRequirements) {
		c.Requirements = append(c.Requirements, path.Clean(name))
	}
	c.PythonProject.Package = text(lookup, PythonPackage)
	errs := make([]error, 13)
	c.NodeProjects, errs[0] = projects(lookup)
	c.CommandsBefore, errs[1] = commands(lookup, CommandsBefore)
	c.CommandsAfter, errs[2] = commands(lookup, CommandsAfter)
	c.SecretKeyPlaceholder, errs[3] = boolean(lookup, SecretKeyPlaceholder)
	c.NodeLaunch, errs[4] = optional(lookup, NodeLaunch)
	c.NodeModulesLaunch, errs[5] = modules(lookup, NodeModulesLaunch)
	var installer string
	installer, errs[6] = oneOf(lookup, PythonInstaller, "uv", "pip")
	c.PipItself = installer == "pip"
	c.Image.KeepGit, errs[7] = optional(lookup, KeepGit)
	c.PythonProject.Path, errs[8] = directory(lookup, PythonProjectPath)
	c.Apt, errs[10] = apt(lookup)
	var check, feed Switch
	check, errs[9] = optional(lookup, CheckProcesses)
	feed, errs[12] = optional(lookup, NPMFeed)
	c.Collectstatic.Args, errs[11] = arguments(lookup, CollectstaticArgs)
	c.Image.CheckProcesses, c.NPM.Feed = check.On, feed.On // the defaults are buildpack.toml's
	c.Invalid = invalid(errs)
	return c, fail.Join(errs...)
}

// invalid returns the variables whose values are not valid; AptMode is also for AptPackages. errs are in the order of
// Read.
func invalid(errs []error) (names []string) {
	for i, name := range []string{
		NodeProjectPath, CommandsBefore, CommandsAfter, SecretKeyPlaceholder, NodeLaunch, NodeModulesLaunch,
		PythonInstaller, KeepGit, PythonProjectPath, CheckProcesses, AptMode, CollectstaticArgs, NPMFeed,
	} {
		if errs[i] != nil {
			names = append(names, name)
		}
	}
	return names
}

// IsInvalid reports whether one of these variables has a value that is not valid.
func (c Config) IsInvalid(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(c.Invalid, name) })
}
