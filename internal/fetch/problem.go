package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// problem describes why one attempt failed.
type problem struct {
	attempts int    // how many are worth while
	text     string // for the user; no credentials
	fix      string // "" for an internal error
	got      string // the sum of what came instead
	err      error
}

const (
	fixNetwork = `Check that the build can reach this address, and its proxy settings
(HTTPS_PROXY, NO_PROXY). Without a way there, use one of these:
- BP_DEPENDENCY_MIRROR=https://..., or a service binding of type
  dependency-mirror, for a mirror of your own
- the offline package of this buildpack, which holds the archives`
	fixCertificate = `If a proxy or a mirror of your own signs it, give its CA certificate to
the build in a service binding of type ca-certificates.`
	fixServer = `Check BP_DEPENDENCY_MIRROR and service bindings of the types
dependency-mirror and dependency-mapping: where they point must hold this
file and give it to the build. Or use the offline package.`
	fixChecksum = `Something on the way gives another file: a mirror, a mapping or a proxy.
Replace the copy there and build again.`
	fixPackage = `This copy is part of the buildpack's offline package. Build the package again,
or get it again from where it was published.`
)

// libpak 2.2.0 has no types for these two errors, only texts (DependencyCache.verify, downloadHTTP). A release with
// types would let us delete the patterns.
var (
	wrongSum    = regexp.MustCompile(`sha\d+ for .* ([0-9a-f]+) does not match expected`)
	wrongStatus = regexp.MustCompile(`could not download .*: (\d{3})$`)
)

// diagnose finds out what an attempt failed of. libpak and net/http have types for some failures, and texts for the
// others.
func diagnose(err error) problem {
	if m := wrongSum.FindStringSubmatch(err.Error()); m != nil {
		return problem{attempts: 2, text: "the checksum is wrong", fix: fixChecksum, got: m[1], err: err}
	}
	if m := wrongStatus.FindStringSubmatch(err.Error()); m != nil {
		return answered(m[1])
	}
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return problem{attempts: 1, text: untrusted.Err.Error(), fix: fixCertificate, err: untrusted}
	}
	var file *fs.PathError
	if errors.As(err, &file) {
		p := problem{attempts: 1, text: file.Error(), err: file}
		if errors.Is(err, fs.ErrNotExist) { // of a file:// mirror, or of the offline package
			p.fix = fixServer
		}
		return p
	}
	inner := innermost(err)
	return problem{attempts: attempts, text: inner.Error(), fix: fixNetwork, err: inner}
}

// answered judges a status: servers that are overloaded or broken may recover, others have said what they have to say.
func answered(status string) problem {
	code, _ := strconv.Atoi(status) // three digits
	text := strings.TrimSpace("the server answered " + status + " " + http.StatusText(code))
	// libpak's own error shows the user name in the URL.
	p := problem{attempts: 1, text: text, fix: fixServer, err: errors.New(text)}
	switch {
	case code >= 500:
		p.attempts, p.fix = attempts, fixNetwork
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		p.attempts = attempts
	}
	return p
}

// innermost strips the texts that repeat the URL, which may have a password: libpak's lines and net/http's error.
func innermost(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	for strings.Contains(err.Error(), "\n") {
		next := errors.Unwrap(err)
		if next == nil {
			break
		}
		err = next
	}
	return err
}

// failure returns the error after n attempts: a *fail.Error, or an internal one if there is nothing the user can do.
// address is the last URL, without credentials.
func (p problem) failure(r versions.Release, address string, n int) error {
	if p.fix == "" {
		return fmt.Errorf("fetch %s %s: %w", r.ID.Project(), r.Version, p.err)
	}
	failure := &fail.Error{
		ID:   "download/unreachable",
		What: r.ID.Project() + " " + r.Version + " could not be downloaded",
		Why:  fmt.Sprintf("%s\nAttempts: %d. The last: %s", address, n, p.text),
		Fix:  fail.Fix{fail.Say{Text: p.fix}},
		Err:  p.err,
	}
	if p.got != "" {
		failure.ID = "download/checksum"
		failure.What = "The download of " + r.ID.Project() + " " + r.Version + " is not the file that was published"
		failure.Why = fmt.Sprintf("%s\nsha256 expected: %s\nsha256 received: %s", address, checksum(r), p.got)
	}
	return failure
}
