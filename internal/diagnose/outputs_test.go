package diagnose

import (
	"strings"
	"testing"
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
				"➤ YN0000: └ Completed\n", "node/lock-out-of-sync", "shows above"},
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
