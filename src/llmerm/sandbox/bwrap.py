"""The bubblewrap command line: a root of its own with the interpreter in it, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

# No --die-with-parent: it acts when the *thread* that started the sandbox ends. The processes end
# by themselves when the pipe to the parent closes. No --new-session: the caller starts the command
# in a session of its own, so that one signal to that group reaches every process.
_WALLS = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--clearenv"),
)


def command(path: str, environment: Mapping[str, str], packages: Iterable[str] = ()) -> list[str]:
    """The arguments up to the program to run inside: no /proc, no /dev, no /etc, nothing writable.

    Args:
        path: the bubblewrap to use.
        environment: all that the program finds in its environment.
        packages: folders that it imports from, beyond the interpreter's own.
    """
    arguments = [path, *_WALLS]
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    for source in [*_read_only(), *packages]:
        arguments += ["--ro-bind", source, source]
    for link in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
        if os.path.islink(link):
            arguments += ["--symlink", os.readlink(link), link]
    return [*arguments, "--remount-ro", "/", "--chdir", "/"]


def _read_only() -> Iterator[str]:
    """What the interpreter needs to start: the system's libraries and its own installation."""
    yield "/usr"
    for directory in ("/lib", "/lib32", "/lib64"):
        if os.path.isdir(directory) and not os.path.islink(directory):
            yield directory
    for prefix in sorted({sys.base_prefix, sys.base_exec_prefix}):
        if not Path(prefix).is_relative_to("/usr"):
            yield prefix
    if os.path.exists("/etc/ld.so.cache"):
        yield "/etc/ld.so.cache"
