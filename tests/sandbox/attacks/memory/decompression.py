"""Unpacks a small string into one that does not fit.

Runs or fails: timeout.
"""

import zlib

packed = zlib.compress(bytes(10_000_000), 9)
packer = zlib.compressobj(9)
bomb = b"".join([packer.compress(bytes(1_000_000)) for _ in range(20)] + [packer.flush()])


def f(x):
    return len([zlib.decompress(bomb) for _ in range(100)])
