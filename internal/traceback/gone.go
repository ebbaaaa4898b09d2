package traceback

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestPython is the oldest that Tandem has: to ask for an older one is no way out.
const oldestPython = 9

// gone are modules and names of Python's library, by the minor version of the last Python 3 that has them; -1: only
// Python 2 had. Names that an app may well have itself (parser, commands) are not among them.
// https://docs.python.org/3/whatsnew: "Removed"
var gone = map[int][]string{
	13: {"ast.Num", "ast.Str", "ast.Bytes", "ast.NameConstant", "ast.Ellipsis", "pkgutil.find_loader", "pkgutil.get_loader"},
	12: {
		"aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau",
		"telnetlib", "uu", "xdrlib", "locale.resetlocale", "unittest.makeSuite",
	},
	11: {
		"asynchat", "asyncore", "distutils", "imp", "smtpd", "configparser.SafeConfigParser", "pkgutil.ImpImporter", "pkgutil.ImpLoader", "ssl.wrap_socket",
		"ssl.match_hostname", "locale.format", "unittest._TextTestResult",
	},
	10: {"binhex", "inspect.getargspec", "inspect.formatargspec", "asyncio.coroutine", "random.jumpahead"},
	7:  {"cgi.escape", "time.clock", "html.parser.HTMLParser.unescape"},
	4:  {"html.parser.HTMLParseError"},
	-1: {
		"BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SocketServer", "StringIO", "UserDict", "__builtin__", "cPickle", "cStringIO", "cookielib",
		"htmlentitydefs", "httplib", "urllib2", "urlparse", "xmlrpclib", "urllib.urlencode", "urllib.quote", "urllib.quote_plus", "urllib.unquote",
		"urllib.urlopen", "urllib.urlretrieve", "itertools.izip", "itertools.imap", "itertools.ifilter", "string.letters", "string.maketrans", "string.join", "os.getcwdu",
		"sys.maxint", "unicode", "basestring", "xrange", "unichr", "raw_input", "execfile",
	},
}

// lastWith is the minor version of the last Python 3 with a module or a name.
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

// goneName matches what Python says where such a thing is asked for: a module, a name from a module, a name.
var goneName = regexp.MustCompile(`^No module named '([\w.]+)'|^cannot import name '(\w+)' from '([\w.]+)'|^module '([\w.]+)' has no attribute '(\w+)'|^name '(\w+)' is not defined`)

var lastMissing = regexp.MustCompile(`ModuleNotFoundError: No module named '([\w.]+)'`)

func tooOld(f failure) words {
	name := f.m[1] + f.m[6]
	switch {
	case f.m[2] != "":
		name = f.m[3] + "." + f.m[2]
	case f.m[4] != "":
		name = f.m[4] + "." + f.m[5]
	}
	if last := lastMissing.FindAllStringSubmatch(f.output, -1); f.exception == "ModuleNotFoundError" && len(last) > 0 && last[len(last)-1][1] != name {
		return words{} // that was tried first, in vain as on each new Python; what was taken instead is not there
	}
	minor, ok := lastWith(name)
	if root, _, inside := strings.Cut(name, "."); !ok && inside && f.exception == "ModuleNotFoundError" {
		minor, ok = lastWith(root) // distutils.version
	}
	if !ok {
		return words{}
	}
	return f.forPython(name, minor)
}

// forPython says of the file in which the exception was raised that it was written for older Pythons.
func (f failure) forPython(name string, minor int) words {
	pkg := f.packageOf()
	w := words{what: "The app's code is for an older Python", fix: "change the line above"}
	if pkg != "" {
		w = words{what: "The package " + pkg + " is too old for this Python", fix: "ask for a newer version of " + pkg}
	}
	switch last := "3." + strconv.Itoa(minor); {
	case minor < 0:
		w.fix = "Only Python 2 has " + name + ", and Tandem's Pythons begin with 3." + strconv.Itoa(oldestPython) + ": " + w.fix + "."
	case minor < oldestPython:
		w.fix = "Only Python " + last + " and older have " + name + ", and Tandem's begin with 3." + strconv.Itoa(oldestPython) + ": " + w.fix + "."
	case pkg == "django": // one that has this trouble has more of it, and all of them work with the oldest
		w.fix = last + " is the last Python with " + name + ". Ask for 3.9, on which Django 1.8 to 4.2 run, or for Django 4.2 or newer:\n    echo 3.9 > .python-version"
	default:
		w.fix = last + " is the last Python with " + name + ". Ask for it, or " + w.fix + ":\n    echo " + last + " > .python-version"
	}
	return w
}

var inSitePackages = regexp.MustCompile(`/site-packages/(\w+)`)

// packageOf is the package in whose file the exception was raised; "": it was in the app.
func (f failure) packageOf() string {
	for _, at := range slices.Backward(f.frames) {
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
var python2 = regexp.MustCompile(`^Missing parentheses in call to '(?:print|exec)'|^multiple exception types must be parenthesized|^leading zeros in decimal integer literals`)
