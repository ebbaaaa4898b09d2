package diagnose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// gone lists modules and names of Python's library, by the minor version of the last Python 3 that has them; -1 is
// Python 2. Names that an app may well have itself (parser, commands) are not among them.
// https://docs.python.org/3/whatsnew: "Removed"
var gone = map[int][]string{
	13: {"ast.Num", "ast.Str", "ast.Bytes", "ast.NameConstant", "ast.Ellipsis", "pkgutil.find_loader",
		"pkgutil.get_loader"},
	12: {
		"aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "nis", "nntplib",
		"ossaudiodev", "pipes", "sndhdr", "spwd", "sunau",
		"telnetlib", "uu", "xdrlib", "locale.resetlocale", "unittest.makeSuite",
	},
	11: {
		"asynchat", "asyncore", "distutils", "imp", "smtpd", "configparser.SafeConfigParser", "pkgutil.ImpImporter",
		"pkgutil.ImpLoader", "ssl.wrap_socket",
		"ssl.match_hostname", "locale.format", "unittest._TextTestResult",
	},
	10: {"binhex", "inspect.getargspec", "inspect.formatargspec", "asyncio.coroutine", "random.jumpahead"},
	7:  {"cgi.escape", "time.clock", "html.parser.HTMLParser.unescape"},
	4:  {"html.parser.HTMLParseError"},
	-1: {
		"BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SocketServer", "StringIO", "UserDict",
		"__builtin__", "cPickle", "cStringIO", "cookielib",
		"htmlentitydefs", "httplib", "urllib2", "urlparse", "xmlrpclib", "urllib.urlencode", "urllib.quote",
		"urllib.quote_plus", "urllib.unquote",
		"urllib.urlopen", "urllib.urlretrieve", "itertools.izip", "itertools.imap", "itertools.ifilter",
		"string.letters", "string.maketrans", "string.join", "os.getcwdu",
		"sys.maxint", "unicode", "basestring", "xrange", "unichr", "raw_input", "execfile",
	},
}

// lastWith returns the minor version of the last Python 3 with a module or a name.
func lastWith(name string) (minor int, ok bool) {
	switch {
	case strings.HasSuffix(name, "six.moves"): // of a six before 1.16, which packages have in them
		return 11, true
	case strings.HasPrefix(name, "collections."): // its abstract classes
		return 9, true
	}
	for minor, names := range gone {
		if slices.Contains(names, name) {
			return minor, true
		}
	}
	return 0, false
}

// goneName matches Python's message about such a module, a name from a module or a name.
var goneName = regexp.MustCompile(`^No module named '([\w.]+)'|^cannot import name '(\w+)' from '([\w.]+)'|` +
	`^module '([\w.]+)' has no attribute '(\w+)'|^name '(\w+)' is not defined`)

var lastMissing = regexp.MustCompile(`ModuleNotFoundError: No module named '([\w.]+)'`)

// probeGone finds a {name} that newer Pythons no longer have, the {last} Python with it, Tandem's {oldest} and the
// {package} that uses it. Its cases say whose code it is, app or package or django, and whether a Python that has it
// is at hand.
func probeGone(x Exit, f Facts) (string, Vars) {
	for _, t := range slices.Backward(traces(x.Tail)) {
		if !slices.Contains([]string{"ModuleNotFoundError", "ImportError", "AttributeError", "NameError"},
			t.exception) {
			continue
		}
		name, minor, ok := t.gone(x.Tail)
		if !ok {
			continue
		}
		vars := Vars{"name": name, "last": "3." + strconv.Itoa(minor),
			"oldest": "3." + strconv.Itoa(versions.OldestPythonMinor)}
		whose := "app"
		if vars["package"] = t.packageOf(); vars["package"] != "" {
			whose = "package"
		}
		switch {
		case minor < 0:
			return whose + "-python2", vars
		case minor < versions.OldestPythonMinor:
			return whose + "-too-old", vars
		case vars["package"] == "django":
			return "django", vars
		}
		return whose, vars
	}
	return "", nil
}

// gone returns the name that the exception is about, and the minor version of the last Python 3 that has it.
func (t trace) gone(output string) (name string, minor int, ok bool) {
	m := goneName.FindStringSubmatch(t.message)
	if m == nil {
		return "", 0, false
	}
	name = m[1] + m[6]
	switch {
	case m[2] != "":
		name = m[3] + "." + m[2]
	case m[4] != "":
		name = m[4] + "." + m[5]
	}
	isModule := t.exception == "ModuleNotFoundError"
	last := lastMissing.FindAllStringSubmatch(output, -1)
	if isModule && len(last) > 0 && last[len(last)-1][1] != name {
		return "", 0, false // that was tried first, in vain as on each new Python; what was taken instead is not there
	}
	minor, ok = lastWith(name)
	if root, _, inside := strings.Cut(name, "."); !ok && inside && isModule {
		minor, ok = lastWith(root) // distutils.version
	}
	return name, minor, ok
}

var inSitePackages = regexp.MustCompile(`/site-packages/(\w+)`)

// packageOf returns the package in whose file the exception was raised; empty if it was in the app.
func (t trace) packageOf() string {
	for _, at := range slices.Backward(t.frames) {
		if strings.HasPrefix(at.file, "<") {
			continue
		}
		if m := inSitePackages.FindStringSubmatch(at.file); m != nil {
			return m[1]
		}
		return ""
	}
	return ""
}

// python2 matches what Python 3 says about statements of Python 2.
var python2 = regexp.MustCompile(`^Missing parentheses in call to '(?:print|exec)'|` +
	`^multiple exception types must be parenthesized|^leading zeros in decimal integer literals`)
