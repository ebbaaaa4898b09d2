#!/usr/bin/env bash
# Static checks: golangci-lint for both modules, actionlint for the workflows, and known vulnerabilities of what the
# programs really call. The vulnerability database comes as a Go module of a fixed version, so that the result is the
# same everywhere; newer ones come with an update of tools.mod.
set -euo pipefail
cd "$(dirname "$0")/.."
export GOTOOLCHAIN="${GOTOOLCHAIN-auto}"
tools=$PWD/scripts/tools.mod
tool() { go tool -modfile="$tools" "$@"; }
for module in . integration; do
  go -C "$module" mod tidy -diff
  (cd "$module" && tool golangci-lint run ./...)
done
tool actionlint -shellcheck= -pyflakes= # programs that not every machine has
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
module=$(go list -m -modfile="$tools" -f '{{.Dir}}' golang.org/x/vulndb)
tool indexdb -out "$database" -vulns "$module/data/osv"
tool govulncheck -db "file://$database" ./cmd/...
