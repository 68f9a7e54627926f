"""Makes another directory the root.

Runs.
"""

import os


def f(x):
    os.chroot("/tmp")
    return "ESCAPED"
