// Package binding turns the platform's service bindings into files and variables for the tools of a build.
package binding

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// systemBundles lists the paths of distributions' certificates. The first existing file is used.
// https://go.dev/src/crypto/x509/root_linux.go lists the same paths.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// caType is the type of the bindings with certificates, which are not secret.
const caType = "ca-certificates"

// toolVariables are the names under which tools want the path of a certificate bundle: OpenSSL, Go and uv; Python's
// requests; pip; curl; git; Node (adds to its own); npm.
// https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification,
// https://pip.pypa.io/en/stable/topics/https-certificates/,
// https://nodejs.org/api/cli.html#node_extra_ca_certsfile,
// https://docs.npmjs.com/cli/v11/using-npm/config#cafile
var toolVariables = []string{
	"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS",
	"npm_config_cafile",
}

// fileVariables and dirVariable say where the platform, the build image or an earlier buildpack has certificates: the
// tools that do not know these names are to trust them too.
var fileVariables = append([]string{"NIX_SSL_CERT_FILE"}, toolVariables...)

const dirVariable = "SSL_CERT_DIR"

// Certificates writes a bundle of certificates to file: the system's, those that variables of env name, and those of
// the bindings of type ca-certificates. This process then trusts the bindings' too. It returns the variables that make
// the tools use the bundle. Without such a variable or binding it does nothing and returns nil. The error is the user's
// if an entry of a binding has no certificate.
func Certificates(bindings libcnb.Bindings, env map[string]string, file string) (map[string]string, error) {
	bound, err := bundle(bindings)
	if err != nil {
		return nil, err
	}
	named := named(env)
	if bound == "" && named == "" {
		return nil, nil
	}
	all := distinct(system(systemBundles) + "\n" + named + "\n" + bound)
	if err := os.WriteFile(file, []byte(all), 0o644); err != nil {
		return nil, fmt.Errorf("write certificate bundle: %w", err)
	}
	if bound != "" { // SSL_CERT_FILE and SSL_CERT_DIR are known to Go itself
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(all))
		x509.SetFallbackRoots(pool)
	}
	vars := map[string]string{}
	for _, name := range toolVariables {
		vars[name] = file
	}
	return vars, nil
}

// named returns the certificates in the files and directories that variables name, in PEM form. It skips what cannot be
// read, as the tools do.
func named(env map[string]string) string {
	var files []string
	for _, name := range fileVariables {
		files = append(files, env[name])
	}
	for _, dir := range filepath.SplitList(env[dirVariable]) {
		if entries, err := os.ReadDir(dir); err == nil {
			for _, entry := range entries {
				files = append(files, filepath.Join(dir, entry.Name()))
			}
		}
	}
	var all strings.Builder
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			all.Write(append(text, '\n'))
		}
	}
	return all.String()
}

// distinct returns the certificates of a text, each once: directories of certificates have each under several names.
func distinct(text string) string {
	var out strings.Builder
	seen := map[string]bool{}
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return out.String()
		}
		if block.Type != "CERTIFICATE" || seen[string(block.Bytes)] {
			continue
		}
		seen[string(block.Bytes)] = true
		out.Write(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
	}
}

// bundle joins the bindings' certificates, in a fixed order.
func bundle(bindings libcnb.Bindings) (string, error) {
	var all strings.Builder
	for _, b := range bindings {
		if !strings.EqualFold(b.Type, caType) {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(b.Secret)) {
			if !x509.NewCertPool().AppendCertsFromPEM([]byte(b.Secret[key])) {
				return "", &fail.Error{
					ID: "binding/certificate",
					What: fmt.Sprintf("An entry of the ca-certificates binding %s is not a certificate",
						show.Name(b.Name)),
					Why: fmt.Sprintf("The entry %s does not contain a certificate in PEM format.", show.Name(key)),
					Fix: fail.Fix{
						fail.Say{Text: "Give each entry a certificate, from -----BEGIN CERTIFICATE----- to " +
							"-----END CERTIFICATE-----. To turn a DER file into one:"},
						fail.Run{Command: "openssl x509 -inform der -in company.cer -out company.pem"},
					},
				}
			}
			all.WriteString(b.Secret[key] + "\n")
		}
	}
	return all.String(), nil
}

// system returns the first of the bundles that can be read, or "": without any, the certificates of bindings must do.
func system(bundles []string) string {
	for _, path := range bundles {
		if data, err := os.ReadFile(path); err == nil {
			return string(data)
		}
	}
	return ""
}
