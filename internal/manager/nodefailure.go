package manager

import (
	"regexp"
	"slices"
)

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

// asBinding is how a build gets a file with a login: only the installation sees it.
func asBinding(kind, file string) string {
	return "mkdir -p bindings/" + kind + " && cp " + file + " bindings/" + kind + " && echo " + kind + " >bindings/" + kind + "/type\n" +
		"    pack build … --volume \"$PWD/bindings/" + kind + ":/platform/bindings/" + kind + ":ro\""
}

// trust is how a build gets to know a company's certificates.
const trust = "If the network has certificates of its own, a binding of type ca-certificates lets all tools of the build trust them:\n" +
	"    mkdir -p bindings/ca && cp company.pem bindings/ca && echo ca-certificates >bindings/ca/type\n" +
	"    pack build … --volume \"$PWD/bindings/ca:/platform/bindings/ca:ro\""

func registryLogin(evidence []string, marks ...string) Failure {
	return Failure{
		ID: "node/registry-login", Marks: marks, What: "The package registry wants a login", Evidence: evidence,
		Fix: "Give the installation, and nothing else, an .npmrc with a token by a binding of type npmrc\n" +
			"(.yarnrc.yml of Yarn 2 and later by one of type yarnrc):\n    " + asBinding("npmrc", "~/.npmrc"),
	}
}

// untrusted is in Node.js's own words, in the name of the error or in a sentence. https://nodejs.org/api/tls.html#x509-certificate-error-codes
func untrusted(id, what string, evidence ...string) Failure {
	return Failure{
		ID: id, What: what, Evidence: evidence, Fix: trust,
		Marks: []string{
			"SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_UNTRUSTED",
			"self-signed certificate", "self signed certificate", "unable to get local issuer certificate", "unable to verify the first certificate",
			"invalid peer certificate", "CERTIFICATE_VERIFY_FAILED",
		},
	}
}

func noCertificate(evidence ...string) Failure {
	return untrusted("node/certificate", "The certificate of the package registry is not trusted", evidence...)
}

// nodeBuilds are failures that have the same signs whatever manager it is: of what is compiled, and of archives that are not those of the lock.
// rehash makes the checksums of the lock anew; relock keeps them.
// remove and add are the manager's commands for packages, rehash is what makes the checksums of its lock anew.
func nodeBuilds(remove, add, rehash string) Failures {
	return slices.Concat(oldBuilds(remove, add), nodeLibraries(), Failures{
		{
			ID: "node/no-compiler", Pattern: regexp.MustCompile(`not found: make|make: (?:g\+\+|c\+\+|cc|gcc): No such file or directory|(?:g\+\+|c\+\+|gcc|cc): (?:command )?not found`),
			What: "{package} must be compiled, and the build image has no C compiler", Why: "The build of the package says: $0",
			Fix: "Take a version of it that brings a compiled file for this Node.js (another version of Node.js may do),\nor build with an image that has a compiler and make:\n    pack build … --builder heroku/builder:24",
		},
		{
			ID: "node/missing-library", Pattern: regexp.MustCompile(`Package '?([\w.+-]+?)'?(?:, required by '[^']*',| was)? not found|fatal error: ([\w./+-]+\.h): No such file`),
			What: "{package} must be compiled, and a library for that is missing", Why: "The build of the package says: $0",
			Fix: "Take a version of it that brings a compiled file, or give the build image Debian's package of the library:\n    apt-get install NAME-dev   # apt-file search $1$2 says which",
		},
		{
			ID: "node/integrity", Marks: []string{"code EINTEGRITY", "Integrity check failed for", "ERR_PNPM_TARBALL_INTEGRITY", "YN0018"}, What: "A Node package is not the one whose checksum the lock has",
			Evidence: []string{"code EINTEGRITY", "Integrity check failed", "ERR_PNPM_TARBALL_INTEGRITY", "YN0018"},
			Fix:      "Find out why: a proxy or a mirror that gives another file, or a package that was published anew. If you trust what comes now, make the checksums anew and commit the lock:\n    " + rehash,
		},
		{
			ID: "node/platform", Marks: []string{"code EBADPLATFORM", `The platform "linux" is incompatible`, "ERR_PNPM_UNSUPPORTED_PLATFORM"}, What: "A Node package is made for another system than Linux",
			Evidence: []string{"notsup Unsupported platform", "The platform \"linux\"", "ERR_PNPM_UNSUPPORTED_PLATFORM"},
			Fix:      "Packages for one system belong in optionalDependencies, where others leave them out; npm, for example:\n    npm install --save-optional NAME",
		},
		{
			ID: "node/no-git", Marks: []string{"spawn git ENOENT", "Couldn't find the binary git", "spawn git", "git: not found"}, What: "A Node package comes from git, and the build image has no git",
			Evidence: []string{"spawn git", "syscall spawn git", "Couldn't find the binary git", "An unknown git error"},
			Fix:      "Build with an image that has git, or name an archive of the same commit in package.json:\n    \"name\": \"https://git.example.com/team/name/archive/COMMIT.tar.gz\"",
		},
	})
}

// oldBuilds are packages that are older than the Node.js or the Python that compiles them. They come first: such packages try to download
// a compiled file before, and that fails too.
func oldBuilds(remove, add string) Failures {
	return Failures{
		{
			ID: "node/node-sass", Pattern: regexp.MustCompile(`gyp ERR! cwd \S*/node_modules/node-sass\b|node-sass@npm:\S+ couldn't be built`),
			What: "node-sass has no compiled file for this version of Node.js, and cannot be compiled", Why: "It is no longer made, and for each version of Node.js there must be one of it.",
			Fix: "Its successor is sass. Scripts that call node-sass then call sass:\n    " + remove + " node-sass && " + add + " sass",
		},
		{
			ID: "node/old-gyp", Pattern: regexp.MustCompile(`import sys; print "%s|invalid mode: 'rU'|No module named 'distutils'`),
			What: "{package} must be compiled, and brings a node-gyp that is too old for this Python", Why: "Its own node-gyp was made for an older one, and says: $0",
			Fix: "Take a newer version of the package, one that brings a compiled file for this Node.js:\n    " + add + " NAME@latest",
		},
	}
}

// nodeLibraries are libraries that much used packages are compiled against, by the names that pkg-config and the compiler say.
func nodeLibraries() (out Failures) {
	for _, l := range []struct{ says, debian string }{
		{`pixman(?:-1|\.h)|cairo(?:\.h|\b)|pango|librsvg|gif_lib\.h`, "libcairo2-dev libpango1.0-dev libjpeg-dev libgif-dev librsvg2-dev"},
		{`vips`, "libvips-dev"}, {`libusb|libudev\.h|libudev`, "libusb-1.0-0-dev libudev-dev"}, {`libsecret`, "libsecret-1-dev"},
		{`libpq-fe\.h`, "libpq-dev"}, {`sqlite3\.h`, "libsqlite3-dev"}, {`zlib\.h`, "zlib1g-dev"}, {`openssl/\w+\.h`, "libssl-dev"}, {`png\.h|libpng`, "libpng-dev"},
	} {
		out = append(out, Failure{
			ID: "node/missing-library", Pattern: regexp.MustCompile(`(?:Package '?(?:` + l.says + `)[^ ]*(?:, required by '[^']*',| was)? not found|fatal error: (?:` + l.says + `)[^ ]*: No such file)`),
			What: "{package} must be compiled, and a library for that is missing", Why: "The build of the package says: $0",
			Fix: "Take a version of it that brings a compiled file. Or give the build image Debian's " + l.debian + ",\nwith a buildpack for Debian packages before Tandem, or in an image of your own:\n    apt-get install " + l.debian,
		})
	}
	return out
}
