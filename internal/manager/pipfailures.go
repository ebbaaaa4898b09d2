package manager

func uvFailures(file string) Failures { return Failures{noSuchPackage(file)} }
func pipFailures() Failures           { return nil }
func poetryFailures() Failures        { return nil }
func pipenvFailures() Failures        { return nil }

func noSuchPackage(file string) Failure {
	return Failure{
		ID: "python/no-such-package", Marks: []string{"was not found in the package registry", "there is no version of"},
		What: "A package that the app asks for does not exist", Evidence: []string{"Because ", "× "},
		Fix: "Correct its name or version in " + file + ". If it comes from a private index, tell uv about that:\n    pack build … --env UV_INDEX=https://packages.example.com/simple",
	}
}
