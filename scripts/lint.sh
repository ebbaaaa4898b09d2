#!/usr/bin/env bash
# Static checks: golangci-lint, and known vulnerabilities of what the programs really call. The vulnerability database
# comes as a Go module of a fixed version, so that the result is the same everywhere; newer ones come with an update
# of lint.mod.
set -euo pipefail
cd "$(dirname "$0")/.."
export GOTOOLCHAIN="${GOTOOLCHAIN-auto}"
tool() { go tool -modfile=scripts/lint.mod "$@"; }
tool golangci-lint run ./...
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
module=$(go list -m -modfile=scripts/lint.mod -f '{{.Dir}}' golang.org/x/vulndb)
tool indexdb -out "$database" -vulns "$module/data/osv"
tool govulncheck -db "file://$database" ./cmd/...
