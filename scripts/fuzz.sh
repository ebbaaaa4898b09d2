#!/usr/bin/env bash
# 9,000 random app directories, beside the 1,000 of make test; the two sides of a build 50 times with the race detector;
# and random archives. The first two run at the same time: one process at a time reads the directories, and limits are
# in seconds of a CPU, while what races waits most of its time.
set -uo pipefail
cd "$(dirname "$0")/.."
races=$(mktemp)
trap 'rm -f "$races"' EXIT
go test -race -run TestBuild/build/defects/branches_share_nothing -count 50 ./build >"$races" 2>&1 &
beside=$!
status=0
TANDEM_FOLDERS_FROM=1001 TANDEM_FOLDERS=9000 go test -run '^TestRandomFolders$' -timeout 20m ./internal/explain || status=$?
wait $beside || status=$?
cat "$races"
# Each archive is unpacked into files: in memory that is five times as fast. Programs may not be run from there.
seconds=30
if [ -w /dev/shm ]; then
  seconds=10
  export GOTMPDIR="${TMPDIR:-/tmp}" TMPDIR=/dev/shm
fi
go test -run - -fuzz '^FuzzUnpack$' -fuzztime ${seconds}s ./internal/npmfeed || status=$?
exit $status
