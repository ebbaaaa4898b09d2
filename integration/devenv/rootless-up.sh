#!/bin/sh
# Makes the ordinary user $1 with the home $2 for rootless container engines. The user's IDs are not those of builds and
# containers, which begin at 1000: rootless-down.sh ends all processes of the user. Podman gets runc, which supports any
# version of cgroups (Debian 12's crun refuses two at once), and overlay (Debian 12's default is the slow vfs).
set -eu
useradd --create-home --home-dir "$2" --shell /bin/bash --key UID_MIN=30000 --key UID_MAX=39999 "$1"
mkdir -p "$2/.config/containers" "$2/run/podman" "$2/tmp"
chmod 700 "$2/run" "$2/run/podman" "$2/tmp"
printf '[engine]\nruntime = "runc"\n' >"$2/.config/containers/containers.conf"
printf '[storage]\ndriver = "overlay"\n' >"$2/.config/containers/storage.conf"
stat -c %a /dev/net/tun >"$2/tun" # slirp4netns needs the device; without udev only root may use it
chmod 666 /dev/net/tun
chown -R "$1:" "$2"
