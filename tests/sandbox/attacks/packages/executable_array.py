"""Makes the memory of an array executable.

Runs. Works bare.
"""

import numpy as np


def libc():
    from numpy._core import _internal

    return _internal.ctypes.CDLL(None, use_errno=True)


def f(x):
    page = 4096
    memory = np.zeros(3 * page, np.uint8)
    start = -(-memory.ctypes.data // page) * page
    pointer = memory.ctypes._ctypes.c_void_p(start)
    return "ESCAPED" if libc().mprotect(pointer, page, 7) == 0 else ""
