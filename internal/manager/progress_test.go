package manager

import "testing"

// Lines of real installations: what is folded, and what a reader needs.
func TestIsProgress(t *testing.T) {
	for line, want := range map[string]bool{
		" + django==5.2.4": true, "Resolved 61 packages in 12ms": true, " ~ app==0.1 (from file:///app)": true,
		"  Downloading Django-5.2.4-py3-none-any.whl (8.3 MB)": true, "Successfully installed Django-5.2.4": true,
		"  - Installing asgiref (3.8.1)": true, "[2/4] Fetching packages...": true, "": true,
		"➤ YN0013: │ 3 packages were added to the project": true, "Progress: resolved 1, reused 0": true,
		"warning: Requirements file `requirements.txt` does not contain any dependencies": false,
		"npm warn deprecated bootstrap@4.6.2: This version is not supported":              false,
		"npm warn install-scripts   esbuild@0.25.12 (postinstall: node install.js)":       true,
		"added 400 packages in 18s": false, "➤ YN0002: │ app doesn't provide react": false,
		"error: Failed to build `psycopg2==2.9.9`": false, "DEPRECATION: Building 'x'": false,
	} {
		if got := IsProgress(line); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
