#!/usr/bin/env bash
# Changes each condition of a package, and runs the package's tests with each change: < becomes <= and >=, == becomes
# !=, && becomes ||, and the reverse. A change that no test notices lives. scripts/mutants/equivalent.txt names those
# that change nothing, every other is printed. Fails if fewer than 92 of 100 changes to a package are noticed, or if an
# entry of the file is not needed: the verdict on a package does not depend on the others.
# PACKAGES="internal/plan internal/app" selects packages.
set -euo pipefail
cd "$(dirname "$0")/.."
least=92
export GOTOOLCHAIN="${GOTOOLCHAIN-auto}"
# go vet calls some changes a mistake, which no test has noticed then.
export GOFLAGS="${GOFLAGS-} -vet=off"
MUTANTS_GO=$(command -v go)
export MUTANTS_GO
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
tool() { go tool -modfile="$PWD/scripts/tools.mod" "$@"; }
gremlins=$(tool -n gremlins)
failed=0
all="internal/binding internal/versions internal/manager internal/app internal/plan internal/process internal/static internal/layer
  internal/diagnose
  internal/pysource internal/settings internal/toolrun internal/npmfeed
  internal/recipe internal/needed internal/debian internal/apt internal/msgfmt internal/steps"
for package in ${PACKAGES:-$all}; do
  # One worker: tests that measure time would fail next to others. The timeout is for endless loops, and the report says
  # how often it was needed: on a busy machine other mutants may not be done in time.
  PATH="$PWD/scripts/mutants:$PATH" nice "$gremlins" unleash "./$package" \
    --workers 1 --timeout-coefficient 10 --exclude-files '(^|/)gen/' --invert-logical \
    --arithmetic-base=false --increment-decrement=false --invert-negatives=false >"$results/log" || {
    cat "$results/log" >&2
    exit 1
  }
  awk -v package="$package" -v least=$least -v totals="$results/totals" -f scripts/mutants/report.awk \
    scripts/mutants/equivalent.txt "$results/log" || failed=1
done
awk '{killed += $1; all += $2} END {
  printf "%-20s %5d of %5d noticed  %5.1f %%\n", "total", killed, all, 100 * killed / all}' "$results/totals"
exit $failed
