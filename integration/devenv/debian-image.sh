#!/usr/bin/env bash
# Makes the image $1 of Debian 12 with the packages $2, separated by commas, in the new directory $3. Package lists,
# documentation, translations and logs are left out. Downloads are cached in $DEBIAN_CACHE. $CNB_ID is the user of builds
# and containers: https://github.com/buildpacks/spec/blob/main/platform.md#build-image
set -euo pipefail
mkdir -p "$DEBIAN_CACHE"
debootstrap --variant=minbase --cache-dir="$DEBIAN_CACHE" --include="$2" bookworm "$3" ||
  { tail -n 10 "$3/debootstrap/debootstrap.log" && exit 1; }
chmod 755 "$3"
echo "cnb:x:$CNB_ID:$CNB_ID::/home/cnb:/bin/bash" >>"$3/etc/passwd"
echo "cnb:x:$CNB_ID:" >>"$3/etc/group"
install -d -o "$CNB_ID" -g "$CNB_ID" "$3/home/cnb"
tar --create --numeric-owner --one-file-system --sort=name --directory "$3" \
  --exclude={./var/lib/apt/lists,./var/cache/*,./var/log,./tmp,./dev,./proc,./sys}/'*' \
  --exclude=./usr/share/{doc,man,info,locale,lintian}/'*' . |
  docker import --change "USER $CNB_ID:$CNB_ID" \
    --change "ENV CNB_USER_ID=$CNB_ID CNB_GROUP_ID=$CNB_ID CNB_STACK_ID=tandem.bookworm" \
    --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" --change "LABEL \
io.buildpacks.base.distro.name=debian io.buildpacks.base.distro.version=12 io.buildpacks.stack.id=tandem.bookworm" \
    - "$1"
