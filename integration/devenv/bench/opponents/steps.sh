# The steps that both buildpacks here do, each into the folder $1. Sourced by their bin/build.
set -euo pipefail
runtimes=$CNB_BUILDPACK_DIR/runtimes
ca=/platform/bindings/ca-certificates/host.pem
if [ -e "$ca" ]; then
  export NODE_EXTRA_CA_CERTS=$ca SSL_CERT_FILE=$ca UV_SYSTEM_CERTS=1
fi
export PYTHONDONTWRITEBYTECODE=1 SECRET_KEY=only-for-the-build NO_UPDATE_NOTIFIER=1
export HOME=/tmp/bench-home
mkdir -p "$HOME"

digest() { cat "$@" 2>/dev/null | sha256sum | cut -c1-64; }

runtime() { # folder, name
  mkdir -p "$1"
  tar -xzf "$runtimes/$2.tar.gz" -C "$1" --strip-components=1
}

python_runtime() { # folder
  runtime "$1" python
  "$1/bin/python3" -m compileall -q --invalidation-mode unchecked-hash "$1/lib" || true # some of its files are for tests of the compiler
}

node_modules() { # folder, cache
  mkdir -p "$1"
  cp package.json package-lock.json "$1"
  (cd "$1" && npm ci --include=dev --no-audit --no-fund --prefer-offline --cache "$2")
}

packages() { # folder, cache
  unset PYTHONDONTWRITEBYTECODE
  runtime /tmp/uv uv
  export UV_CACHE_DIR=$2 UV_COMPILE_BYTECODE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH UV_PYTHON_DOWNLOADS=never
  if [ -e uv.lock ]; then
    UV_PROJECT_ENVIRONMENT=$1 /tmp/uv/uv sync --locked --no-default-groups --python "$(command -v python3)"
  else
    /tmp/uv/uv venv --no-project --quiet --clear --python "$(command -v python3)" "$1"
    /tmp/uv/uv pip install --python "$1" --requirements requirements.txt
  fi
  rm -f "$1/.gitignore" "$1/CACHEDIR.TAG" # Tailwind would not look into it
  export PYTHONDONTWRITEBYTECODE=1
}

assets() {
  NODE_ENV=production npm run build
  python manage.py collectstatic --noinput
}

processes() {
  cat >"$CNB_LAYERS_DIR/launch.toml" <<'TOML'
[[processes]]
type = "web"
command = ["bash", "-c", "exec gunicorn --bind 0.0.0.0:${PORT:-8080} project.wsgi:application"]
default = true
TOML
}
