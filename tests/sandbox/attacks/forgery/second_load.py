"""Says a second time that it was loaded.

Fails: bad_reply.
"""

import os

os.write(3, b'["loaded",""]\n')


def f(x):
    return 0
