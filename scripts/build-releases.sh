#!/usr/bin/env bash
# Builds an example with each new release in the report ($1) of go generate ./internal/versions, by the buildpack in
# dist. For uv that is any build: each one uses the latest.
set -euo pipefail
report=$(realpath "$1")
cd "$(dirname "$0")/.."
sed -nE -e 's/^- CPython ([0-9.]+) \(build [0-9]+\)$/plain BP_PYTHON_VERSION=\1/p' \
  -e 's/^- Node\.js ([0-9]+\.[0-9]+\.[0-9]+)$/webpack BP_NODE_VERSION=\1/p' \
  -e 's/^- uv .*/plain BP_PYTHON_VERSION=/p' "$report" | sort -u |
  while read -r example variable; do
    pack build "new-$example" --builder heroku/builder:26 --buildpack dist/linux-amd64 \
      --path "examples/$example" --env "$variable" </dev/null
  done
