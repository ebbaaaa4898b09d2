#!/bin/sh
# Ends all processes of the user $1 and of the user IDs in the user's containers. Removes the user and the home $2.
set -eu
first=$(sed -n "s/^$1:\([0-9]*\):.*/\1/p" /etc/subuid)
count=$(sed -n "s/^$1:[0-9]*://p" /etc/subuid)
for _ in $(seq 100); do
  left=$(ps -eo pid=,uid=,stat= | awk -v own="$(id -u "$1")" -v first="$first" -v end="$((first + count))" \
    '$3 !~ /^Z/ && ($2 == own || $2 >= first && $2 < end) { print $1 }')
  [ -n "$left" ] || break
  kill -KILL $left || true # they may end meanwhile
  sleep 0.1
done
[ ! -f "$2/tun" ] || chmod "$(cat "$2/tun")" /dev/net/tun
rm -rf "$2"
userdel "$1"
