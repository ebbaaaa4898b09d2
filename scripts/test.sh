#!/usr/bin/env bash
# Every test of both modules: formatting, unit, golden, contract, matrix and end-to-end. make lint has go vet's checks.
# TEST_FLAGS="-run TestMatrix" goes to go test.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not formatted, run gofmt -w on: $unformatted" >&2
  exit 1
fi
race=-race
if [ "$(go env CGO_ENABLED)" != 1 ] || ! command -v "$(go env CC)" >/dev/null; then
  race=
  echo "no C compiler: the race detector is off"
fi
results=$(mktemp)
trap 'rm -f "$results"' EXIT
export TANDEM_TEST_QUIET=1
status=0
tool() { go tool -modfile=scripts/tools.mod "$@"; }
# shellcheck disable=SC2086 # the flags are words
tool gotestsum --format pkgname --format-hide-empty-pkg --jsonfile "$results" --raw-command -- \
  scripts/test-json.sh $race ${TEST_FLAGS:-} || status=$?
echo "The slowest ten:"
tool gotestsum tool slowest --num 10 --threshold 1ms <"$results" || true
skipped=$(sed -n 's/.*"Action":"skip","Package":"\([^"]*\)","Test":"\([^"]*\)".*/  \1 \2/p' "$results")
echo "Skipped: $(grep -c . <<<"$skipped" || true)"
if [ -n "$skipped" ]; then
  echo "$skipped"
fi
exit $status
