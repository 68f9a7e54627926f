#!/bin/sh
# Runs the sandbox's tests as root and as an ordinary user, each with user namespaces and without.
#
#     tests/sandbox/hosts.sh [PYTHON [PYTEST-ARGUMENT...]]
#
# Needs root, and unshare and setpriv (util-linux). The host's settings stay as they are: what
# changes does so in namespaces of its own, and the tests run in a copy that the user owns.
set -eu

python=$(command -v "${1:-python3}")
[ $# -eq 0 ] || shift
here=$(cd "$(dirname "$0")/../.." && pwd)
uid=1000

folder=$(mktemp -d)
chmod 1777 "$folder"
trap 'rm -rf "$folder"' EXIT

# In a mount namespace of its own: the interpreter at its own path, even below a private /root.
cat <<'END' >"$folder/inside"
set -eu
prefix=$1 user=$2 namespaces=$3
shift 3
mount --bind "$prefix" /mnt
case $prefix in /root/*)
    mount -t tmpfs -o mode=755 tmpfs /root
    mkdir -p "$prefix"
    mount --bind /mnt "$prefix" ;;
esac
umount /mnt
[ "$namespaces" = yes ] || echo 0 >/proc/sys/user/max_user_namespaces
[ "$user" = root ] || set -- setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
exec "$@"
END

with_namespaces() { unshare --mount sh "$folder/inside" "$@"; }

# Their number is a setting of each user namespace: from a new one, the host's is out of reach.
# The shell that runs the tests is not the one in the background, which would not hear Ctrl-C.
without_namespaces() {
    rm -f "$folder/pid"
    map_users &
    unshare --user --mount sh -c 'echo $$ >"$0/pid"
        until grep -q . /proc/self/uid_map; do sleep 0.1; done
        exec sh "$0/inside" "$@"' "$folder" "$@"
}

map_users() {
    until [ -s "$folder/pid" ]; do sleep 0.1; done
    pid=$(cat "$folder/pid")
    echo 0 0 65536 >"/proc/$pid/gid_map"
    echo 0 0 65536 >"/proc/$pid/uid_map"
}

prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
status=0
for user in root $uid; do
    for namespaces in yes no; do
        copy=$folder/$user-$namespaces
        mkdir -p "$copy/home"
        cp -r "$here/src" "$here/tests" "$here/benchmarks" "$here/docs" "$here/pyproject.toml" "$copy"
        [ "$user" = root ] || chown -R "$user:$user" "$copy"
        run=with_namespaces
        [ "$namespaces" = yes ] || run=without_namespaces
        echo "== user $user, user namespaces: $namespaces"
        cd "$copy"
        HOME=$copy/home PYTHONPATH=$copy/src PYTHONDONTWRITEBYTECODE=1 \
            "$run" "$prefix" "$user" "$namespaces" \
            "$python" -m pytest -q -p no:cacheprovider "${@:-tests/sandbox}" || status=1
    done
done
exit $status
