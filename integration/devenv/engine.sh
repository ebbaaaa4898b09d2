#!/usr/bin/env bash
# engine.sh start|stop HOME starts a Docker Engine that outlives this script, or stops it. Its data, log and process ID
# are in the directory HOME. If HOME is on ext4 without a journal, for which Memory in kept.go has the reason, the data
# are on a file system with one, in a file of HOME: builds with pack take a third less there. mount and unmount do that
# alone.
set -euo pipefail
home=$2 data=$2/docker disk=$2/docker.ext4
# A crash of the machine may damage the caches. Without discard the file only grows, but it costs half of the gain.
# https://www.kernel.org/doc/html/latest/admin-guide/ext4.html
options=loop,noatime,nobarrier,data=writeback,commit=300,noinit_itable
# All tests together leave some 15 GB. A test of this script names a smaller size.
wanted=${TANDEM_ENGINE_DISK:-$((32 << 30))} least=$((10 << 30))
[ $wanted -ge $least ] || least=$wanted

# https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-fs-ext4
without_journal() {
	local device block
	device=$(findmnt --noheadings --output MAJ:MIN --target "$home") && block=$(readlink "/sys/dev/block/${device// /}") &&
		grep -qx "<none>" "/sys/fs/ext4/${block##*/}/journal_task" 2>/dev/null
}

# mount_disk makes the file system if it is missing or damaged. Half of the free space is left to everything else.
mount_disk() {
	[ -e "$disk" ] && mount -t ext4 -o $options "$disk" "$data" 2>/dev/null && return
	local size
	size=$(($(stat --file-system --format '%a * %S' "$home") / 2))
	[ $size -ge $least ] || { echo "$((size >> 20)) MB are too little for a disk of Docker's data" >&2 && return 1; }
	rm -f "$disk"
	truncate --size $((size < wanted ? size : wanted)) "$disk"
	chmod 600 "$disk"
	mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$disk"
	mount -t ext4 -o $options "$disk" "$data"
}

unmount_disk() {
	[ -e "$disk" ] || return 0 # what is mounted there, if anything, is not ours
	while mountpoint --quiet "$data"; do umount "$data"; done # twice if dockerd was killed: it mounts the directory on itself
}

# forget_network removes what an engine that was killed has left on the bridge. Its network namespaces still answer for
# addresses that the next engine gives away, and a container that gets one is not reachable.
forget_network() {
	local port
	for port in /sys/class/net/docker0/brif/*; do
		[ ! -e "$port" ] || ip link delete "${port##*/}"
	done
}

# close_inherited closes all files but the standard ones. An engine outlives its caller, and would keep the caller's locks.
close_inherited() {
	local fd
	for fd in /proc/self/fd/*; do
		[ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
	done
}

mkdir -p -m 711 "$data"
case $1 in
mount) mount_disk ;;
unmount) unmount_disk ;;
start)
	if [ -z "$(ls -A "$data")" ] && command -v mkfs.ext4 >/dev/null && without_journal; then
		mount_disk || true # then it is an ordinary directory
	fi
	forget_network
	(close_inherited && exec setsid dockerd --data-root "$data" --pidfile "$home/dockerd.pid") >"$home/dockerd.log" 2>&1 &
	for _ in $(seq 60); do
		docker version >/dev/null 2>&1 && exit
		kill -0 $! 2>/dev/null || break
		sleep 0.5
	done
	kill -KILL $! 2>/dev/null || true
	echo "dockerd does not answer. The end of its log, $home/dockerd.log:" >&2
	tail -n 5 "$home/dockerd.log" >&2
	exit 1
	;;
stop)
	pid=$(cat "$home/dockerd.pid" 2>/dev/null || true)
	if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ]; then
		kill "$pid"
		timeout 30 tail --pid "$pid" -f /dev/null
	fi
	unmount_disk
	;;
esac
