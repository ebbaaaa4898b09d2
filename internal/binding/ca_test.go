package binding

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func certificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "company"},
		NotAfter: time.Now().Add(time.Hour), IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
}

func TestWithoutABindingNothingChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bundle.pem")
	vars, err := Certificates(libcnb.Bindings{{Type: "npmrc", Secret: map[string]string{"a": "b"}}}, nil, file)
	if err != nil || len(vars) != 0 {
		t.Errorf("got %v, %v", vars, err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a bundle was written")
	}
}

func TestTheBundleHoldsTheBindingsAndEveryToolIsTold(t *testing.T) {
	t.Setenv("GODEBUG", "x509usefallbackroots=1") // as in cmd/main
	file := filepath.Join(t.TempDir(), "bundle.pem")
	one, two := certificate(t), certificate(t)
	vars, err := Certificates(libcnb.Bindings{
		{Type: "CA-Certificates", Secret: map[string]string{"b.pem": two, "a.pem": one}},
	}, nil, file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), one+"\n"+two) {
		t.Errorf("the bundle lacks a certificate (%v)", err)
	}
	if !strings.HasPrefix(string(data), distinct(system(systemBundles))) {
		t.Error("the bundle lacks the system's certificates")
	}
	for _, name := range toolVariables {
		if vars[name] != file {
			t.Errorf("%s is %q", name, vars[name])
		}
	}
	block, _ := pem.Decode([]byte(one))
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsed.Verify(x509.VerifyOptions{}); err != nil {
		t.Errorf("this process does not trust the binding's certificate: %v", err)
	}
}

func TestTheFirstSystemBundleThatCanBeReadIsUsed(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for _, file := range []string{first, second} {
		if err := os.WriteFile(file, []byte(filepath.Base(file)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	missing := filepath.Join(dir, "missing")
	if got := system([]string{missing, dir, first, second}); got != "first" {
		t.Errorf("got %q", got)
	}
	if got := system([]string{missing, dir}); got != "" {
		t.Errorf("without a bundle: %q", got)
	}
}

func TestAnEntryThatIsNoCertificateIsNamed(t *testing.T) {
	_,
		err := Certificates(libcnb.Bindings{{Name: "company", Type: "ca-certificates",
		Secret: map[string]string{"root.der": "0\x82"}}}, nil, "")
	if user,
		ok := fail.User(err); !ok || !strings.Contains(user.Why, "root.der") ||
		!strings.Contains(user.What, "company") {
		t.Errorf("got %v", err)
	}
}

// An earlier buildpack, or the image, has certificates of its own: all tools are to trust them, each certificate once.
func TestCertificatesOfVariablesAreTrustedByAll(t *testing.T) {
	dir := t.TempDir()
	one, two := certificate(t), certificate(t)
	for name, text := range map[string]string{"bundle": one, "certs/two.pem": two, "certs/1234.0": two,
		"certs/README": "nothing"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "out.pem")
	env := map[string]string{"NODE_EXTRA_CA_CERTS": filepath.Join(dir, "bundle"),
		"SSL_CERT_DIR": filepath.Join(dir, "gone") + ":" + filepath.Join(dir, "certs"), "PIP_CERT": "/nowhere"}
	vars, err := Certificates(nil, env, file)
	if err != nil || vars["PIP_CERT"] != file || vars["SSL_CERT_FILE"] != file {
		t.Fatalf("got %v, %v", vars, err)
	}
	data, err := os.ReadFile(file)
	if err != nil || strings.Count(string(data), one) != 1 || strings.Count(string(data), two) != 1 {
		t.Errorf("%v, the bundle is not the two certificates, each once", err)
	}
}
