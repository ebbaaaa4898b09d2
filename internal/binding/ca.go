// Package binding turns the platform's service bindings into files and variables for the tools of a build.
package binding

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// systemBundles are where distributions keep their certificates; the first that exists is used.
// https://go.dev/src/crypto/x509/root_linux.go lists the same
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// toolVariables are the names under which tools want the path of a certificate bundle: OpenSSL, Go and uv; Python's
// requests; pip; curl; git; Node (adds to its own); npm.
var toolVariables = []string{
	"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS", "npm_config_cafile",
}

// Certificates writes one bundle of the system's certificates and those of the bindings of type ca-certificates to file, makes
// this process trust it and returns the variables that make the tools do so. Without such a binding it does nothing.
func Certificates(bindings libcnb.Bindings, file string) (map[string]string, error) {
	bundle, err := bundle(bindings)
	if err != nil || bundle == "" {
		return nil, err
	}
	bundle = system() + "\n" + bundle
	if err := os.WriteFile(file, []byte(bundle), 0o644); err != nil {
		return nil, fmt.Errorf("write certificate bundle: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(bundle))
	x509.SetFallbackRoots(pool)
	vars := map[string]string{}
	for _, name := range toolVariables {
		vars[name] = file
	}
	return vars, nil
}

// bundle joins the bindings' certificates, in a fixed order.
func bundle(bindings libcnb.Bindings) (string, error) {
	var all strings.Builder
	for _, b := range bindings {
		if !strings.EqualFold(b.Type, "ca-certificates") {
			continue
		}
		var keys []string
		for key := range b.Secret {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if !x509.NewCertPool().AppendCertsFromPEM([]byte(b.Secret[key])) {
				return "", &fail.Error{
					ID: "binding/certificate", What: fmt.Sprintf("The ca-certificates binding %s has an entry that is no certificate", b.Name),
					Why: fmt.Sprintf("The entry %s holds no certificate in PEM form.", key),
					Fix: "Give each entry a certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----. To turn a DER file into one:\n    openssl x509 -inform der -in company.cer -out company.pem",
				}
			}
			all.WriteString(b.Secret[key] + "\n")
		}
	}
	return all.String(), nil
}

func system() string {
	for _, path := range systemBundles {
		if data, err := os.ReadFile(path); err == nil {
			return string(data)
		} else if !errors.Is(err, fs.ErrNotExist) {
			continue // an unreadable bundle is as good as none: the binding's certificates stand
		}
	}
	return ""
}
