package manager

import "testing"

func TestSettingsThatReachARegistry(t *testing.T) {
	for line, want := range map[string]bool{
		"registry=https://packages.example.com/": true, "@shop:registry = https://packages.example.com/": true,
		"//packages.example.com/:_authToken=****": true, "_auth=****": true, "Https-Proxy=http://proxy:1": true,
		"min-release-age=7": true, "offline=true": true, "fund=false": false, "legacy-peer-deps=true": false,
		"save-exact": false, "": false, "cafile=/ca.pem": false,
	} {
		if got := ReachesRegistry(line); got != want {
			t.Errorf("%q: got %v", line, got)
		}
	}
	for name, want := range map[string]bool{
		"npm_config_registry": true, "NPM_CONFIG_HTTPS_PROXY": true,
		"npm_config_//packages.example.com/:_authToken": true,
		"NPM_CONFIG_LOGLEVEL":                           false, "REGISTRY": false, "npm_config_cafile": false,
		"npm_config_cache": false,
	} {
		if got := ReachesRegistryBy(name); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestCommandsThatUnpack(t *testing.T) {
	m := Node(NPM).Data()
	for _, argv := range [][]string{m.Commands.Locked, m.Commands.Unlocked, m.Commands.Update[1]} {
		if !Extracts(argv) {
			t.Errorf("%v does not unpack", argv)
		}
	}
	for _, argv := range [][]string{m.Commands.Update[0], {"npm"}, {"npm", "prune"}, {"pnpm", "install"}} {
		if Extracts(argv) {
			t.Errorf("%v unpacks", argv)
		}
	}
}
