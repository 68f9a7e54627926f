"""Claims a reason that is not its to give.

Fails: bad_reply.
"""

import os

os.write(3, b'["provider", ""]\n')


def f(x):
    return 0
