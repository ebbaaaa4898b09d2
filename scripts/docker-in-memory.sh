#!/usr/bin/env bash
# docker-in-memory.sh COMMAND... runs a command with a second Docker Engine in DOCKER_HOST, whose data are in memory: on
# disks, builds may take several times as long in one minute as in the next. Without root or memory, or if DOCKER_HOST
# is set, it says so and uses the engine that is there. The command's docker is one that builds with BuildKit.
set -euo pipefail
dir=/run/tandem-bench # short, since the paths of sockets are limited
bridge=tandem-bench0
export DOCKER_BUILDKIT=1 BUILDKIT_PROGRESS=plain

# stop ends the engine, or what a killed run has left of it, and removes its data.
stop() {
	if pid=$(cat $dir/pid 2>/dev/null) && grep -q $dir "/proc/$pid/cmdline" 2>/dev/null; then
		kill "$pid"
		while [ -e "/proc/$pid" ]; do sleep 0.2; done
	fi
	awk -v dir=$dir '$2 == dir || index($2, dir "/") == 1 { print $2 }' /proc/self/mounts |
		tac | xargs --no-run-if-empty umount --lazy
	ip link delete $bridge 2>/dev/null || true
	rm -rf $dir
}

why=
free=$(awk '/^MemAvailable:/ { print int($2 / 1024 / 1024) }' /proc/meminfo 2>/dev/null || true)
if [ -n "${DOCKER_HOST:-}" ]; then
	why="DOCKER_HOST is set"
elif [ "$(id -u)" != 0 ]; then
	why="only root can start another engine"
elif [ "${free:-0}" -lt 16 ]; then
	why="${free:-0} GiB of memory are free, 16 are needed"
fi

# Newer clients build with BuildKit only with a plugin.
client=$(mktemp -d)
trap 'rm -rf "$client"' EXIT
for docker in $(type -ap docker); do
	if printf 'FROM scratch\nLABEL tandem=bench\n' | "$docker" build --quiet - >/dev/null 2>&1; then
		ln -s "$docker" "$client/docker"
		break
	fi
done
[ -e "$client/docker" ] || { echo "no docker on PATH builds with BuildKit" >&2; exit 1; }
PATH=$client:$PATH

if [ -n "$why" ]; then
	echo "Docker's data are on a disk: $why" >&2
	"$@"
	exit
fi

stop
trap 'stop; rm -rf "$client"' EXIT
mkdir -p $dir
mount -t tmpfs -o size=16g,mode=700 tandem-bench $dir
# Without a bridge of its own the engine would remove docker0, which the other one uses. Nothing routes its network
# (RFC 3927).
ip link add $bridge type bridge
ip address add 169.254.231.1/24 dev $bridge
# Builds use the machine's network, so that the engine needs no rules. In a session of its own Ctrl-C does not end it
# before its containers. The names of containerd's spaces matter where the system has one containerd for all.
setsid dockerd --host unix://$dir/socket --data-root $dir/data --exec-root $dir/exec --pidfile $dir/pid \
	--bridge $bridge --iptables=false --label tandem.data=memory \
	--containerd-namespace tandem-bench --containerd-plugins-namespace tandem-bench-plugins >$dir/log 2>&1 &
images=$(docker image ls --quiet --filter reference=tandem/build:bookworm --filter reference=tandem/run:bookworm)
[ -z "$images" ] || docker save --output $dir/images.tar tandem/build:bookworm tandem/run:bookworm
export DOCKER_HOST=unix://$dir/socket
for _ in $(seq 60); do
	docker version >/dev/null 2>&1 && break
	sleep 0.5
done
docker version >/dev/null || { cat $dir/log >&2; exit 1; }
[ -z "$images" ] || docker load --quiet --input $dir/images.tar >/dev/null
rm -f $dir/images.tar
"$@"
