#!/usr/bin/env bash
# Lets the processes of a container trust the certificates of bindings of type ca-certificates that are mounted at run time,
# as the steps of a build trust them. Without such a binding it does nothing.
# https://github.com/buildpacks/spec/blob/main/buildpack.md#execd
# https://servicebinding.io/spec/core/1.1.0/#workload-projection
machine=${1:-} # an argument is a test's
bindings=${SERVICE_BINDING_ROOT:-$machine/platform/bindings}

bound=()
for type in "$bindings"/*/type; do
	[ -r "$type" ] && read -r kind <"$type" || [ -n "$kind" ] || continue
	[ "$kind" = ca-certificates ] || continue
	for file in "${type%/type}"/*; do
		[ -f "$file" ] && grep -q 'BEGIN CERTIFICATE' "$file" && bound+=("$file")
	done
	kind=
done
[ ${#bound[@]} -gt 0 ] || exit 0

# What was trusted before stays so: the system's certificates, otherwise those of Python's package certifi.
before=()
for file in "$machine"/etc/ssl/certs/ca-certificates.crt "$machine"/etc/pki/tls/certs/ca-bundle.crt \
	"$machine"/etc/ssl/ca-bundle.pem "${VIRTUAL_ENV:-/nowhere}"/lib/python3*/site-packages/certifi/cacert.pem; do
	[ -r "$file" ] && before=("$file") && break
done

# /dev/shm can be written to where the root file system is read-only.
bundle=$(mktemp "$machine/tmp/certificates.XXXXXX" 2>/dev/null || mktemp "$machine/dev/shm/certificates.XXXXXX" 2>/dev/null)
if [ -z "$bundle" ]; then
	echo "The certificates of the bindings are not trusted: neither /tmp nor /dev/shm can be written to" >&2
	exit 0
fi
for file in "${before[@]}" "${bound[@]}"; do
	cat "$file"
	echo
done >"$bundle"
for name in SSL_CERT_FILE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
	[ -n "${!name+set}" ] || echo "$name = \"$bundle\"" >&3
done
exit 0
