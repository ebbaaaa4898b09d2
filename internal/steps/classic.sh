# The functions that Heroku's Python buildpack once gave to the app's hooks (source $BIN_DIR/utils), as far as a build of an image has a use for them.
puts-step() { echo "-----> $*"; }
puts-warn() { echo " !     $*"; }
indent() { sed -u 's/^/       /'; }
set-env() { puts-warn "$1 is not set in the image: a hook cannot do that. Give it where the container runs, or write it into the Procfile: web: env $1=… …"; }
set-default-env() { set-env "$@"; }
un-set-env() { unset "$1"; }
