package manager

// Failures that the managers of Node.js have in common. Marks and evidence are each tool's own words.

func lockOutOfSync(file, relock string, marks, evidence []string) Failure {
	return Failure{
		ID: "node/lock-out-of-sync", Marks: marks, What: file + " does not belong to package.json", Evidence: evidence,
		Fix: "Make the lock again and commit it:\n    " + relock,
	}
}

func noSuchNodePackage(relock string, marks, evidence []string) Failure {
	return Failure{
		ID: "node/no-such-package", Marks: marks, What: "A Node package that the app asks for does not exist", Evidence: evidence,
		Fix: "Correct its name or version, make the lock again and commit both:\n    " + relock +
			"\nIf it is a private one, the registry must be named, with credentials, in the project's settings.",
	}
}

func engineMismatch(evidence []string, marks ...string) Failure {
	return Failure{
		ID: "node/engine", Marks: marks, What: "A Node package does not work with this version of Node.js", Evidence: evidence,
		Fix: "Take another version of Node.js, or of the package:\n    pack build … --env BP_NODE_VERSION=22",
	}
}

func noNetwork(marks, evidence []string) Failure {
	return Failure{
		ID: "node/network", Marks: marks, What: "The Node packages cannot be downloaded", Evidence: evidence,
		Fix: "Check the network. Behind a proxy the build needs its address:\n    pack build … --env HTTPS_PROXY=http://proxy.example.com:3128",
	}
}
