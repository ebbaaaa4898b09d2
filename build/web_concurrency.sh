#!/usr/bin/env bash
# Sets WEB_CONCURRENCY, the number of workers that gunicorn and uvicorn start, unless it is set: as on Heroku classic the
# smaller of two for each processor and one more, and one for each 256 MB of the container's memory. Without a limit of memory,
# when other containers share the machine, 1 GB is reckoned with.
# https://github.com/buildpacks/spec/blob/main/buildpack.md#execd
[ -n "${WEB_CONCURRENCY+set}" ] && exit 0
cgroup=${1:-/sys/fs/cgroup} # an argument is a test's

number() { [[ $1 =~ ^[0-9]{1,18}$ ]] && [ "$1" -gt 0 ]; }

cpus=$(nproc 2>/dev/null)
number "$cpus" || cpus=1
quota= period=
if [ -r "$cgroup/cpu.max" ]; then
	read -r quota period <"$cgroup/cpu.max"
elif [ -r "$cgroup/cpu/cpu.cfs_quota_us" ] && [ -r "$cgroup/cpu/cpu.cfs_period_us" ]; then
	read -r quota <"$cgroup/cpu/cpu.cfs_quota_us"
	read -r period <"$cgroup/cpu/cpu.cfs_period_us"
fi
if number "$quota" && number "$period"; then
	limit=$(((quota + period - 1) / period))
	[ "$limit" -lt "$cpus" ] && cpus=$limit
fi

bytes=
for file in "$cgroup/memory.max" "$cgroup/memory/memory.limit_in_bytes"; do
	[ -z "$bytes" ] && [ -r "$file" ] && read -r bytes <"$file"
done
mb=1024
number "$bytes" && [ "$bytes" -lt $((1 << 50)) ] && mb=$((bytes >> 20)) # without a limit the old file has a number near 2^63

workers=$((2 * cpus + 1))
[ $((mb / 256)) -lt "$workers" ] && workers=$((mb / 256))
[ "$workers" -lt 1 ] && workers=1
echo "WEB_CONCURRENCY = \"$workers\"" >&3
exit 0
