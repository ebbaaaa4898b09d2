package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// problem describes why one attempt failed.
type problem struct {
	attempts int    // how many are worth while
	text     string // for the user; no credentials
	fix      remedy
	retry    bool   // it may be temporary
	got      string // the sum of what came instead
	err      error
}

// remedy is the text that says how to mend a failed download, or the name of a fix with more than text. It is empty for
// an internal error.
type remedy string

// The remedies. A network or certificate problem has a fix with actions, and the others are sentences.
const (
	network     remedy = "network"
	certificate remedy = "certificate"
	server      remedy = "Check " + mirrorVariable + " and bindings of the types dependency-mirror\n" +
		"and dependency-mapping: what they name must have this file."
	replace   remedy = "A mirror, a mapping or a proxy has another file.\nReplace the copy there and build again."
	repackage remedy = "This copy is part of the buildpack's offline package. Build the package\n" +
		"again, or get it again from where it was published."
)

// fix returns the actions of a remedy for a release.
func (m remedy) fix(r versions.Release) fail.Fix {
	switch m {
	case network:
		return fixNetwork(r)
	case certificate:
		return fail.Fix{
			fail.Say{Text: "If a proxy or a mirror of your own signs it, let the build trust its CA certificate:"},
			fail.Bind{Type: "ca-certificates", Name: "ca",
				Files: []fail.BoundFile{{Name: "company.pem", From: "company.pem"}}},
		}
	case server, replace, repackage: // text
	}
	return fail.Fix{fail.Say{Text: string(m)}}
}

// fixNetwork returns what a user can do if the build does not reach the server of a release.
func fixNetwork(r versions.Release) fail.Fix {
	offline := "python@" + versions.Python.DefaultSeries() // each package has uv
	if r.ID != versions.UV {
		offline = strings.TrimPrefix(string(r.ID), "c") + "@" + r.ID.Series(r.Version) // cpython
	}
	return fail.Fix{
		fail.Say{Text: "Check that the build can reach this URL. Behind a proxy:"},
		fail.Set{Name: "HTTPS_PROXY", Value: "http://proxy.example.com:3128"},
		fail.Say{Text: "With a mirror of your own, set " + mirrorVariable + " to its URL.\n" +
			"Without a network, build a package with the archives in a clone of Tandem:"},
		fail.Run{Command: "make package OFFLINE=" + offline},
	}
}

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
		return problem{attempts: 2, text: "the checksum is wrong", fix: replace, got: m[1], err: err}
	}
	if m := wrongStatus.FindStringSubmatch(err.Error()); m != nil {
		return answered(m[1])
	}
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return problem{attempts: 1, text: untrusted.Err.Error(), fix: certificate, err: untrusted}
	}
	var file *fs.PathError
	if errors.As(err, &file) {
		p := problem{attempts: 1, text: file.Error(), err: file}
		if errors.Is(err, fs.ErrNotExist) { // of a file:// mirror, or of the offline package
			p.fix = server
		}
		return p
	}
	inner := innermost(err)
	return problem{attempts: attempts, text: inner.Error(), fix: network, retry: isTemporary(inner), err: inner}
}

// isTemporary reports whether an error of the network may be gone in the next build: a timeout, a broken connection, or
// a name server that does not answer.
func isTemporary(err error) bool {
	var timeout interface{ Timeout() bool }
	var name *net.DNSError
	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &name) && name.IsTemporary ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// answered judges a status: servers that are overloaded or broken may recover, others have said what they have to say.
func answered(status string) problem {
	code, _ := strconv.Atoi(status) // three digits
	text := strings.TrimSpace("the server answered " + status + " " + http.StatusText(code))
	// libpak's own error shows the user name in the URL.
	p := problem{attempts: 1, text: text, fix: server, err: errors.New(text)}
	switch {
	case code >= 500:
		p.attempts, p.fix, p.retry = attempts, network, true
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		p.attempts, p.retry = attempts, true
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
// It shows the last URL, without credentials.
func (p problem) failure(r versions.Release, address string, n int) error {
	if p.fix == "" {
		return fmt.Errorf("fetch %s %s: %w", r.ID.Project(), r.Version, p.err)
	}
	failure := &fail.Error{
		ID:   "download/unreachable",
		What: r.ID.Project() + " " + r.Version + " could not be downloaded",
		Why:  fmt.Sprintf("%s\nAttempts: %d. The last: %s", address, n, p.text),
		Fix:  p.fix.fix(r),
		Err:  p.err,

		Temporary: p.retry,
	}
	if p.got != "" {
		failure.ID = "download/checksum"
		failure.What = "The download of " + r.ID.Project() + " " + r.Version + " is not the file that was published"
		failure.Why = fmt.Sprintf("%s\nsha256 expected: %s\nsha256 received: %s", address, checksum(r), p.got)
	}
	return failure
}
