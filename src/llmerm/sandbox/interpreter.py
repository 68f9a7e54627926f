"""The Python that runs inside: which one, how it is started, and all that its environment holds."""

from __future__ import annotations

import os
import sys

FLAGS = ("-s", "-S", "-P", "-B", "-W", "ignore")
"""No site packages, no user's folder, nothing written; not -I, which ignores PYTHONHASHSEED."""


def path() -> str:
    """The interpreter outside any virtual environment: it starts faster, and needs less mounted."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


_THREADS = ("BLIS", "MKL", "NUMEXPR", "OMP", "OPENBLAS")


def environment(hash_seed: int = 0, *, packages: bool = False) -> dict[str, str]:
    """Nothing of the host's but where the interpreter's own library may lie.

    With `packages`, libraries of linear algebra are told to use one thread: a fork has no other,
    and would wait for them without end.

    >>> environment(7)["PYTHONHASHSEED"]
    '7'
    """
    found = {"PYTHONHASHSEED": str(hash_seed)}
    if "LD_LIBRARY_PATH" in os.environ:
        found["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    if packages:
        found |= {f"{library}_NUM_THREADS": "1" for library in _THREADS}
    return found
