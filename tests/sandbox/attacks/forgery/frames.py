"""Writes what the zygote would write: that all has ended well.

Fails: bad_reply.
"""


def f(x):
    import os, struct

    os.write(3, struct.pack("<BI", 2, 13) + struct.pack("<Bid", 0, 0, 0))
    return 0
