package diagnose

import (
	"os"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// The outputs are those of the real tools, cut to what they end with; the registry has another name.
func TestFailuresAreKnownByWhatToolsPrint(t *testing.T) {
	for name, c := range map[string]struct {
		set, output, id, says string
	}{
		"npm, no package": {"npm",
			"npm error code E404\nnpm error 404 Not Found - GET https://r.example/nothing\n" +
				"npm error 404\n" +
				"npm error 404  The requested resource 'nothing@1.0.0' could not be found or you do " +
				"not have permission to access it.\n", "node/no-such-package", "'nothing@1.0.0'"},
		"npm, no version": {"npm",
			"npm error code ETARGET\nnpm error notarget No matching version found for is-odd@99.0.0.\n",
			"node/no-such-package", "is-odd@99.0.0"},
		"npm, engine": {"npm",
			"npm error code EBADENGINE\nnpm error engine Unsupported engine\n" +
				"npm error engine Not compatible with your version of node/npm: a@1.0.0\n" +
				"npm error notsup Required: {\"node\":\">=99\"}\n", "node/engine", ">=99"},
		"npm, devEngines": {"npm",
			"npm error code EBADDEVENGINES\nnpm error EBADDEVENGINES Invalid devEngines.runtime\n" +
				"npm error EBADDEVENGINES Invalid semver version \"22\" does not match \"v20.20.2\" " +
				"for \"runtime\"\n", "node/engine", "v20.20.2"},
		"npm, peers": {"npm",
			"npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\n" +
				"npm error\nnpm error Found: react@17.0.2\nnpm error\n" +
				"npm error Could not resolve dependency:\n" +
				"npm error peer react@\"^18.3.1\" from react-dom@18.3.1\n", "node/peer-conflict", "react-dom@18.3.1"},
		"npm, network": {"npm",
			"npm error code ENOTFOUND\nnpm error syscall getaddrinfo\n" +
				"npm error network request to https://nowhere.invalid/a/x.tgz failed, reason: " +
				"getaddrinfo ENOTFOUND nowhere.invalid\n", "node/network", "nowhere.invalid"},
		"npm, lock": {"npm",
			"npm error code EUSAGE\n" +
				"npm error `npm ci` can only install packages when your package.json and " +
				"package-lock.json or npm-shrinkwrap.json are in sync. Please update\n", "node/lock-out-of-sync", ""},
		"yarn 1, package": {"yarn",
			"[1/4] Resolving packages...\nerror Couldn't find package \"nothing\" on the \"npm\" registry.\n",
			"node/no-such-package", "\"nothing\""},
		"yarn 1, version": {"yarn",
			"[1/4] Resolving packages...\nerror Couldn't find any versions for \"is-odd\" that matches \"99.0.0\"\n",
			"node/no-such-package", "99.0.0"},
		"yarn 1, engine": {"yarn",
			"error a@1.0.0: The engine \"node\" is incompatible with this module. Expected " +
				"version \">=99\". Got \"24.21.0\"\n" +
				"error Found incompatible module.\n", "node/engine", ">=99"},
		"yarn 1, network": {"yarn",
			"info There appears to be trouble with your network connection. Retrying...\n" +
				"error Error: getaddrinfo ENOTFOUND nowhere.invalid\n", "node/network", "nowhere.invalid"},
		"yarn 1, lock": {"yarn",
			"[1/4] Resolving packages...\n" +
				"error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.\n",
			"node/lock-out-of-sync", "--frozen-lockfile"},
		"yarn 3, package": {"berry",
			"➤ YN0000: ┌ Resolution step\n" +
				"➤ YN0035: │ nothing@npm:1.0.0: The remote server failed to provide the requested resource\n" +
				"➤ YN0035: │   Response Code: 404 (Not Found)\n", "node/no-such-package", "nothing@npm:1.0.0"},
		"yarn 4, version": {"berry",
			"➤ YN0000: ┌ Resolution step\n➤ YN0082: │ is-odd@npm:99.0.0: No candidates found\n➤ YN0000: └ Completed\n",
			"node/no-such-package", "is-odd@npm:99.0.0"},
		"yarn 4, lock": {"berry",
			"➤ YN0028: │ -  checksum: 10c0/89\n" +
				"➤ YN0028: │ The lockfile would have been modified by this install, which is " +
				"explicitly forbidden.\n" +
				"➤ YN0000: └ Completed\n", "node/lock-out-of-sync", "shows the difference above"},
		"yarn 4, network": {"berry",
			"➤ YN0001: │ Error [ERR_SOCKET_CLOSED_BEFORE_CONNECTION]: Socket closed before the " +
				"connection was established\n", "node/network", "Socket closed"},
		"pnpm, package": {"pnpm",
			" ERR_PNPM_FETCH_404  GET https://r.example/nothing: Not Found - 404\n\n" +
				"nothing is not in the npm registry, or you have no permission to fetch it.\n", "node/no-such-package",
			"nothing is not in"},
		"pnpm, version": {"pnpm",
			"[ERR_PNPM_NO_MATCHING_VERSION] No matching version found for is-odd@99.0.0 while fetching it\n",
			"node/no-such-package", "is-odd@99.0.0"},
		"pnpm, engine": {"pnpm",
			" ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)\n" +
				"\nYour Node version is incompatible with \"a@1.0.0\".\n\nExpected version: >=99\n", "node/engine",
			">=99"},
		"pnpm, peers": {"pnpm", " ERR_PNPM_PEER_DEP_ISSUES  Unmet peer dependencies\n\n.\n└─┬ react-dom 18.3.1\n",
			"node/peer-conflict", "react-dom 18.3.1"},
		"pnpm 8, lock": {"pnpm",
			" ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\" because " +
				"pnpm-lock.yaml is not up to date with package.json\n" +
				"\n    Failure reason:\n" +
				"    specifiers in the lockfile ({}) don't match specs in package.json ({\"a\":\"1\"})\n",
			"node/lock-out-of-sync", "don't match specs"},
		"pnpm 12, lock": {"pnpm",
			"  ╰─▶ Cannot install with \"frozen-lockfile\" because pnpm-lock.yaml is not up\n" +
				"      to date with package.json.\n" +
				"        specifiers in the lockfile don't match specifiers in package.json:\n",
			"node/lock-out-of-sync", "don't match specifiers"},
		"pnpm 11, builds": {"pnpm", "[ERR_PNPM_IGNORED_BUILDS] Ignored build scripts: esbuild@0.25.0\n",
			"node/build-scripts-ignored", "esbuild@0.25.0"},
		"something else": {"pnpm", "ELIFECYCLE Command failed with exit code 1.\n", "node/install",
			"pnpm install ended with exit code 1"},
	} {
		step := testSteps()[c.set]
		step.Kind, step.Command = "node-install", c.set+" install"
		got := Explain(step, Exit{Code: 1, Tail: c.output}, Facts{}).Error()
		if got.ID != c.id || !strings.Contains(got.Why, c.says) || got.Fix == nil {
			t.Errorf("%s: got\n%v", name, got)
		}
	}
}

// Temporary are failures that the next build may not have: not those that would come again.
func TestTemporaryFailures(t *testing.T) {
	for _, c := range []struct {
		set, output string
		want        bool
	}{
		{"npm", "npm error code E503\nnpm error 503 Service Unavailable - GET https://r.example/a\n", true},
		{"npm", "npm error code ECONNRESET\nnpm error network request to https://r.example/a failed\n", true},
		{"npm", "npm error code E429\nnpm error 429 Too Many Requests - GET https://r.example/a\n", true},
		{"npm", "npm error code ECONNREFUSED\nnpm error network request to https://r.example/a failed\n", false},
		{"npm", "npm error code E401\nnpm error Incorrect or missing password.\n", false},
		{"npm", "npm error code EINTEGRITY\nnpm error sha512-A integrity checksum failed\n", false},
		{"npm", "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to https://r.example/a failed\n", false},
		{"yarn", "error An unexpected error occurred: \"https://r.example/a: ETIMEDOUT\".\n", true},
		{"yarn", "error Error: getaddrinfo ENOTFOUND r.example\n", false},
		{"berry", "➤ YN0035: │ a@npm:1: The remote server failed\n➤ YN0035: │   Response Code: 404 (Not Found)\n",
			false},
		{"berry", "➤ YN0001: │ RequestError: read ECONNRESET\n", true},
		{"pnpm", " ERR_PNPM_FETCH_503  GET https://r.example/a: Service Unavailable - 503\n", true},
		{"pnpm", " ERR_PNPM_FETCH_403  GET https://r.example/a: Forbidden - 403\n", false},
		{"uv", "error: Failed to fetch: `https://p.example/a/`\n  cause: HTTP status server error (502 Bad Gateway)\n",
			true},
		{"uv", "error: Failed to fetch: `https://p.example/a/`\n  cause: operation timed out\n", true},
		{"uv", "error: Failed to fetch: `https://p.example/a/`\n  cause: error sending request for url\n" +
			"  cause: dns error\n", false},
		{"pip", "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='p.example')\n", true},
		{"pip", "WARNING: Retrying after connection broken by 'ReadTimeoutError(x)'\nerror: command 'gcc' failed\n",
			false},
		{"poetry", "503 Server Error: Service Unavailable for url: https://p.example/a/\n", true},
	} {
		step := testSteps()[c.set]
		step.Kind = "node-install"
		got := Explain(step, Exit{Code: 1, Tail: c.output}, Facts{}).Error()
		if got.Temporary != c.want || c.want && got.ID != "node/network" && got.ID != "python/no-network" {
			t.Errorf("%s: got temporary %v of\n%v", c.output, got.Temporary, got)
		}
	}
}

// What no tool has printed into testdata, in the words of the tools.
func TestFailuresThatWereNotCaptured(t *testing.T) {
	const failed = "error: Failed to build `ujson==5.10.0`\n"
	django := func(name string) string {
		return at("ImportError: cannot import name '" + name + "' from 'django.utils.translation' (/x.py)")
	}
	called := strings.Replace(django("ugettext"), "ImportError",
		"  File \"/v/lib/python3.13/site-packages/taggit/a.py\", line 1, in <module>\n    y\nImportError", 1)
	inPackage := strings.Replace(django("ugettext"), "/workspace/s.py", "/v/lib/python3.13/site-packages/taggit/a.py",
		1)
	for name, c := range map[string]struct{ set, output, id, says string }{
		"no headers": {"uv", failed + "x.c:1:10: fatal error: Python.h: No such file or directory\n",
			"python/no-headers", "Let Tandem install Python"},
		"no Rust": {"uv", failed + "error: can't find Rust compiler\n", "python/no-rust",
			"a version of ujson that has a wheel"},
		"a circle": {"django", at("ImportError: cannot import name 'a' from partially initialized module 'shop.b' " +
			"(most likely due to a circular import) (/workspace/shop/b.py)"), "django/import",
			"shop.b is not completely loaded"},
		"a renamed name": {"django", django("ungettext_lazy"), "django/import",
			"    from django.utils.translation import ngettext_lazy as ungettext_lazy\n"},
		"one of a package": {"django", inPackage, "django/import",
			"Use a newer version of taggit"},
		"one of a package that the app imports": {"django", called, "django/import", "Use a newer version of taggit"},
		"a library that is not known": {"django", at("ImportError: libnothing.so.1: cannot open shared object file: " +
			"No such file or directory"), "django/system-library", "libnothing.so.1"},
		"a library that a wheel includes": {"django", at("ImportError: no pq wrapper available"),
			"django/system-library",
			"psycopg[binary]"},
		"a library of PostgreSQL for Node.js": {"npm",
			"npm error code 1\nnpm error path /workspace/node_modules/libpq\n" +
				"npm error fatal error: libpq-fe.h: No such file or directory\n", "node/missing-library",
			"Or build with an image that has the library"},
		"a renamed module": {"django",
			strings.Replace(at("ModuleNotFoundError: No module named 'django.core.urlresolvers'"),
				"    x\n", "    from django.core.urlresolvers import reverse\n", 1), "django/import",
			"    from django.urls import reverse\n"},
		"another name": {"django", django("nothing"), "django/import", "django.utils.translation has no nothing"},
	} {
		step := testSteps()[c.set]
		got := Explain(step, Exit{Code: 1, Tail: c.output}, Facts{Root: testRoot, Offers: testOffers()}).Error()
		if got == nil || got.ID != c.id || !strings.Contains(got.Error(), c.says) {
			t.Errorf("%s: got\n%v", name, got)
		}
	}
}

// The release that an error names satisfies the evidence and the constraints of the app, and is written where the app
// has chosen another one.
func TestReleasesOfErrors(t *testing.T) {
	const (
		npm = "npm error code EBADENGINE\nnpm error notsup Not compatible with your version of node/npm: a@1.0.0\n" +
			"npm error notsup Required: {\"node\":\"RANGE\"}\n"
		yarn = "error a@1.0.0: The engine \"node\" is incompatible with this module. Expected version \"RANGE\". Got " +
			"\"24.21.0\"\n"
		pnpm = " ERR_PNPM_UNSUPPORTED_ENGINE  x\n\nYour Node version is incompatible with \"a@1.0.0\".\n\n" +
			"Expected version: RANGE\nGot: v24.21.0\n"
		pip = "ERROR: Ignored the following versions that require a different python version: 2.2.0 Requires-Python " +
			">=3.10; " +
			"2.3.1 Requires-Python RANGE; 2.4.0 Requires-Python >=3.14\n" +
			"ERROR: Could not find a version that satisfies the " +
			"requirement numpy==2.3.1 (from versions: 1.0)\n"
		poetry = "Current Python version (3.13.1) is not allowed by the project (RANGE).\n"
	)
	for _, c := range []struct{ set, output, within, choice, constraint, want string }{
		{"npm", npm, "22.x", "", "", "    echo 22 > .nvmrc"}, {"yarn", yarn, "^20.9", "", "", "    echo 20 > .nvmrc"},
		{"pnpm", pnpm, "<23", ".nvmrc", "", "    echo 22 > .nvmrc"},
		{"npm", npm, "22.x", "volta.node in package.json", "", "    npm pkg set volta.node=22"},
		{"npm", npm, "22.x", "BP_NODE_VERSION", "", "    name = \"BP_NODE_VERSION\"\n    value = \"22\""},
		{"npm", npm, "22.x", "", ">=24", "no Node.js release satisfies 22.x"},
		{"npm", npm, "22.x", "", "<22.9", "    echo 22.8.0 > .nvmrc"},
		{"pip", pip, ">=3.11,<3.13", "", "", "    echo 3.12 > .python-version"},
		{"pip", pip, ">=3.14", "runtime.txt", "", "    echo python-3.14 > runtime.txt"},
		{"poetry", poetry, ">=3.14", "", "<3.14", "no Python release satisfies >=3.14"},
	} {
		offers := testOffers()
		for _, ask := range []*versions.Ask{&offers.Python.Ask, &offers.Node.Ask} {
			ask.First = versions.Request{Want: "3", Source: c.choice}
			ask.Choice = ask.First
			if c.constraint != "" {
				ask.Within = []versions.Request{{Want: c.constraint, Source: "x"}}
			}
		}
		output := strings.Replace(c.output, "RANGE", c.within, 1)
		got := Explain(testSteps()[c.set], Exit{Code: 1, Tail: output}, Facts{Offers: offers}).Error()
		if got == nil || !strings.Contains(got.Error(), c.want) {
			t.Errorf("%s %s, %s, %s: got\n%v", c.set, c.within, c.choice, c.constraint, got)
		}
	}
}

// Pins for another Python are a reason for what does not fit together, and for packages that must be compiled.
func TestPinsOfAnotherPython(t *testing.T) {
	for _, name := range []string{"uv-conflict", "uv-requires-python", "uv-no-compiler", "uv-old-code"} {
		output, err := os.ReadFile("testdata/uv/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(output), "\n")
		facts := Facts{Offers: testOffers(), Pins: Pins{"requirements.txt", "3.11"}}
		got := Explain(testSteps()["uv"], Exit{Code: 1, Tail: text}, facts).Error()
		const want = "requirements.txt was generated with Python 3.11. To build with that Python:\n"
		if got == nil || !strings.Contains(got.Error(), want) ||
			!strings.Contains(got.Error(), "echo 3.11 > .python-version") {
			t.Errorf("%s: got\n%v", name, got)
		}
	}
}

// A hook's error repeats the end of what the hook printed.
func TestAHookIsExplainedByItsLastLines(t *testing.T) {
	step := Step{Kind: "hook", Sets: []string{"hook"}, Title: "bin/post_compile"}
	got := Explain(step, Exit{Code: 2, Tail: "0\n1\n\n2\n3\n4\n5\n6\n7\n8\n9\nsed: no such file\n"}, Facts{}).Error()
	const want = "It ended with exit code 2. Its last lines:\n1\n2\n3\n4\n5\n6\n7\n8\n9\nsed: no such file"
	if got.Why != want {
		t.Errorf("got\n%s\nwant\n%s", got.Why, want)
	}
}
