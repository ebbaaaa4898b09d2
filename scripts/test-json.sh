#!/usr/bin/env bash
# Runs every test of both modules and prints what go test -json does. The first argument may be -race, which is for all
# packages but those that measure, and the one that builds apps: what runs there at the same time are programs, which the
# detector does not see into, and it would take a third longer.
set -uo pipefail
race=
if [ "${1:-}" = -race ]; then
  race=-race
  shift
fi
flags=(-json -timeout 60m -count 1 "$@")
# What builds need is made while the other packages are tested: one waits for the network, the other computes.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
go -C integration run ./dev ready >"$log" 2>&1 &
ready=$!
status=0
# Some packages measure time, and the memory of processes: the detector would multiply both.
measuring='/(detect|internal/(cli|explain|show))$'
mapfile -t packages < <(go list ./... | grep -Ev "$measuring")
mapfile -t measured < <(go list ./... | grep -E "$measuring")
mapfile -t environment < <(go -C integration list ./... | grep -v '/integration$')
go test $race "${flags[@]}" "${packages[@]}" || status=$?
go -C integration test $race "${flags[@]}" "${environment[@]}" || status=$?
go test "${flags[@]}" -p 1 "${measured[@]}" || status=$?
if ! wait $ready; then
  cat "$log" >&2
  exit 1
fi
# One test more than there are processors: now and then each waits for a registry.
go -C integration test "${flags[@]}" -parallel "$(($(getconf _NPROCESSORS_ONLN) + 1))" . || status=$?
exit $status
