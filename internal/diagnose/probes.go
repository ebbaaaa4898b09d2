package diagnose

// probes look for what a pattern cannot find. They extract; what is said about it is in the rules. is is the case
// that a probe finds, and empty if it finds nothing.
var probes = map[string]func(f *failure) (is string, vars Vars){
	"variable":       probeVariable,
	"settings":       probeSettings,
	"module":         probeModule,
	"gone":           probeGone,
	"renamed":        probeRenamed,
	"last-python":    probeLastPython,
	"setuptools":     probeSetuptools,
	"python-release": probePythonRelease,
	"node-release":   probeNodeRelease,
	"not-found":      probeNotFound,
	"syntax":         probeSyntax,
	"program":        probeProgram,
	"command":        probeCommand,
	"python-library": probePythonLibrary,
	"node-library":   probeNodeLibrary,
	"system-library": probeSystemLibrary,
	"manifest":       probeManifest,
	"reference":      probeReference,
	"package-url":    probeURL,
	"migration":      probeMigration,
	"memory":         probeMemory,
	"disk":           probeDisk,
	"blocked":        probeBlocked,
	"output":         probeOutput,
	"start":          probeStart,
	"crash":          probeCrash,
	"loader":         probeLoader,
	"debian-package": probeDebianPackage,
}
