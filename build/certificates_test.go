package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

// certified runs the program in a machine with files, and returns its variables by name and the bundle.
func certified(t *testing.T, machine string, vars ...string) (set map[string]string, bundle, said string) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command("bash", "certificates.sh", machine)
	cmd.Env = append([]string{"PATH=/usr/bin:/bin"}, vars...)
	cmd.ExtraFiles = []*os.File{out} // the third, as the launcher gives it
	printed, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	set = map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
		set[name] = strings.Trim(value, `"`)
		data, err := os.ReadFile(set[name])
		if err != nil {
			t.Fatal(err)
		}
		bundle = string(data)
	}
	return set, bundle, string(printed)
}

func testCertificates(t *testing.T, _ spec.G, it spec.S) {
	const company, public = "-----BEGIN CERTIFICATE-----\ncompany\n", "-----BEGIN CERTIFICATE-----\npublic"
	machine := func(files ...string) string {
		dir := t.TempDir()
		for i := 0; i < len(files); i += 2 {
			file := filepath.Join(dir, files[i])
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(files[i+1]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	binding := []string{"bindings/ca/type", "ca-certificates", "bindings/ca/a.pem", company, "bindings/ca/provider",
		"x",
		"bindings/db/type", "postgresql\n", "bindings/db/b.pem", "-----BEGIN CERTIFICATE-----\nother\n", "tmp/x", ""}
	it("without a binding nothing changes", func() {
		dir := machine("bindings/db/type", "postgresql", "tmp/x", "", "etc/ssl/certs/ca-certificates.crt", public)
		if set, _, said := certified(t, dir, "SERVICE_BINDING_ROOT="+dir+"/bindings"); len(set) > 0 || said != "" {
			t.Errorf("%v, %s", set, said)
		}
	})
	it("processes trust the system's certificates and those of the binding", func() {
		dir := machine(append(binding, "etc/ssl/certs/ca-certificates.crt", public)...)
		set, bundle, said := certified(t, dir, "SERVICE_BINDING_ROOT="+dir+"/bindings", "REQUESTS_CA_BUNDLE=/own.pem")
		if len(set) != 2 || set["SSL_CERT_FILE"] == "" || set["NODE_EXTRA_CA_CERTS"] == "" || said != "" {
			t.Errorf("%v, %s", set, said)
		}
		if want := public + "\n" + company + "\n"; bundle != want {
			t.Errorf("got %q, want %q", bundle, want)
		}
	})
	it("without the system's, those of certifi are trusted", func() {
		dir := machine(append(binding, "venv/lib/python3.13/site-packages/certifi/cacert.pem", public)...)
		_, bundle, _ := certified(t, dir, "SERVICE_BINDING_ROOT="+dir+"/bindings", "VIRTUAL_ENV="+dir+"/venv")
		if !strings.HasPrefix(bundle, public) || !strings.Contains(bundle, "company") {
			t.Errorf("got %q", bundle)
		}
	})
	it("a read-only root file system has /dev/shm, or the log says why nothing is trusted", func() {
		dir := machine(append(binding[:10:10], "dev/shm/x", "")...)
		set, _, _ := certified(t, dir, "SERVICE_BINDING_ROOT="+dir+"/bindings")
		if !strings.HasPrefix(set["SSL_CERT_FILE"], dir+"/dev/shm/") {
			t.Errorf("got %v", set)
		}
		dir = machine(binding[:10]...)
		if set, _, said := certified(t, dir, "SERVICE_BINDING_ROOT="+dir+"/bindings"); len(set) > 0 ||
			!strings.Contains(said, "neither /tmp nor /dev/shm") {
			t.Errorf("%v, %s", set, said)
		}
	})
}
