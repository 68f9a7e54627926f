"""Runs a command for as long as another process lives, and never longer.

A script on its own, of the standard library alone: `watch.py PID COMMAND ...`. It ends the
command when its standard input ends or the process PID is no longer its parent, which both hold
however that process went, killed by SIGKILL included.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import types

LOOK_SECONDS = 0.5
END_SECONDS = 3.0


def main(parent: int, command: list[str]) -> int:
    """Runs the command; its exit status, or 128 and its signal."""
    signal.signal(signal.SIGTERM, _leave)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        while child.poll() is None and os.getppid() == parent:
            if select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
                break
    finally:
        _end(child)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _leave(number: int, frame: types.FrameType | None) -> None:
    sys.exit(128 + number)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
