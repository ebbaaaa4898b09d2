package manager

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// builds are failures of packages without a wheel, which are the same whatever tool starts the compiler. What is missing comes
// before the compiler: without a library's own program the build ends before it.
var builds = slices.Concat(missing, Failures{
	oldSetuptools("use_2to3 is invalid", "58", oldPythonToo), oldSetuptools("cannot import name 'Feature' from 'setuptools'", "46", oldPythonToo),
	oldSetuptools("No module named 'pkg_resources'", strconv.Itoa(NoPkgResources), ""),
	{
		ID: "python/no-compiler", Pattern: regexp.MustCompile(`(?:No such file or directory: '|command ')((?:cc|c\+\+|gcc|g\+\+|clang|clang\+\+|x86_64-linux-gnu-gcc|aarch64-linux-gnu-gcc))'|Unknown compiler\(s\)`),
		What: "{package} must be compiled, and the build image has no C compiler",
		Why:  "There is no wheel of {package} in the wanted version for this Python and processor.",
		Fix:  "Take a version of it that has one, or a Python that it has wheels for:\n    echo 3.12 > .python-version\nOr build with an image that has a compiler:\n    pack build … --builder heroku/builder:24",
	},
	{
		ID: "python/no-rust", Pattern: regexp.MustCompile(`Cargo, the Rust package manager, is not installed|can't find Rust compiler|rustc: not found`),
		What: "{package} must be compiled, and the build image has no Rust",
		Why:  "There is no wheel of {package} in the wanted version for this Python and processor.",
		Fix:  "Take a version of it that has one, or a Python that it has wheels for:\n    echo 3.12 > .python-version",
	},
	{
		ID: "python/too-old", Pattern: regexp.MustCompile(`No module named '(?:distutils|imp)'|KeyError: '__version__'|module '(?:configparser|pkgutil|inspect|collections)' has no attribute '\w+'|cannot import name '\w+' from '(?:collections|inspect)'`),
		What: "{package} is too old for this Python", Why: "It is built from source, and its setup.py needs what newer Pythons no longer have: $0",
		Fix: "Take a newer version of the package, or an older Python:\n    echo 3.9 > .python-version",
	},
	{
		ID: "python/too-old", Pattern: regexp.MustCompile(`(\S+\.(?:c|cc|cpp|cxx|h|hpp)):(\d+):\d+: error: (.+?) \d+ \|`),
		What: "{package} cannot be compiled for this Python",
		Why:  "There is no wheel of {package} in the wanted version for this Python and processor, and the compiler says of its code: $3\n    $1, line $2",
		Fix:  "Most often the code is older than the Python. Take a newer version of the package, or an older Python:\n    echo 3.9 > .python-version",
	},
})

// NoPkgResources is the first setuptools without the module pkg_resources. https://setuptools.pypa.io/en/latest/history.html
const NoPkgResources = 82

const oldPythonToo = " --env BP_PYTHON_VERSION=3.9"

// oldSetuptools is said where a setup.py needs what setuptools no longer has, from the version below on. Builds get the newest setuptools.
// https://setuptools.pypa.io/en/latest/history.html
func oldSetuptools(says, below, more string) Failure {
	return Failure{
		ID: "python/too-old", Pattern: regexp.MustCompile(regexp.QuoteMeta(says)), What: "{package} is too old for today's setuptools",
		Why: "It is built from source, and that ends with: " + says,
		Fix: "Take a newer version of the package. Where there is none, packages of requirements files can be built with an older setuptools:\n" +
			"    echo 'setuptools<" + below + "' > build-constraints.txt\n    pack build … --env PIP_BUILD_CONSTRAINT=build-constraints.txt" + more,
	}
}

// missing are libraries that packages are compiled against, by what their builds say that they miss.
var missing = libraries([]library{
	{"pg_config executable not found", "libpq-fe.h", "libpq-dev", "the newest psycopg2-binary has a wheel"},
	{"Can not find valid pkg-config name|mysql_config: not found", "mysql.h", "default-libmysqlclient-dev", "PyMySQL needs none"},
	{"libxml2 and libxslt development packages", "libxml/xmlversion.h libxml/parser.h", "libxml2-dev libxslt1-dev", ""},
	{"", "lber.h ldap.h", "libldap-dev libsasl2-dev", ""},
	{"", "sasl/sasl.h", "libsasl2-dev", ""},
	{"Could not run curl-config", "curl/curl.h", "libcurl4-openssl-dev libssl-dev", ""},
	{"headers or library files could not be found for jpeg", "jpeglib.h", "libjpeg-dev zlib1g-dev", ""},
	{"headers or library files could not be found for zlib", "zlib.h", "zlib1g-dev", ""},
	{"", "ffi.h", "libffi-dev", ""},
	{"", "openssl/ssl.h openssl/opensslv.h openssl/evp.h", "libssl-dev", ""},
	{"", "sql.h sqlext.h", "unixodbc-dev", ""},
	{"gdal-config: not found|A GDAL API version must be specified|'gdal-config'", "gdal.h", "libgdal-dev", ""},
	{"'geos-config'", "geos_c.h", "libgeos-dev", ""},
	{"xmlsec1 is not installed or not in path|Unable to find xmlsec1", "xmlsec/xmlsec.h", "libxmlsec1-dev", ""},
	{`Dependency "cairo" not found`, "cairo.h", "libcairo2-dev", ""},
	{"", "gmp.h", "libgmp-dev", ""},
	{"", "libmemcached/memcached.h", "libmemcached-dev", ""},
	{"", "yaml.h", "libyaml-dev", ""},
})

// library is one that says is missing or of which one of headers is.
type library struct{ says, headers, debian, instead string }

func (l library) pattern() *regexp.Regexp {
	var names []string
	for name := range strings.FieldsSeq(l.headers) {
		names = append(names, regexp.QuoteMeta(name))
	}
	sign := "fatal error: '?(?:" + strings.Join(names, "|") + ")"
	if l.says != "" {
		sign = l.says + "|" + sign
	}
	return regexp.MustCompile(sign)
}

func libraries(all []library) (out Failures) {
	for _, l := range all {
		instead := ""
		if l.instead != "" {
			instead = " (" + l.instead + ")"
		}
		out = append(out, Failure{
			ID: "python/missing-library", Pattern: l.pattern(),
			What: "{package} must be compiled, and a library for that is missing",
			Why:  "There is no wheel of {package} in the wanted version for this Python and processor, and its build says: $0",
			Fix: "Take a version of it, or a package like it, that has a wheel" + instead + ".\nOr give the build image Debian's " + l.debian +
				", and the run image the library itself: with a buildpack for Debian packages before Tandem, or in images of your own:\n    apt-get install " + l.debian,
		})
	}
	return out
}

// builtPackage finds which package a tool could not build: of uv, pip and Poetry, and of npm.
var builtPackage = regexp.MustCompile("(?:Failed to (?:build|download and build|download) [`']|Failed building wheel for |Hash mismatch for `|one of the following issues with )([A-Za-z0-9._-]+)" +
	`|(?:npm error path|gyp ERR! cwd) \S*/node_modules/((?:@[^/\s]+/)?[^/\s]+)`)
