"""Replaces the encoder, to write answers that the runner would refuse.

Fails: bad_reply.
"""

import sys


def f(x):
    sys._getframe(1).f_globals["_json_parts"] = lambda value, depth: [
        "[[",
        "1e999," * 23,
        "1e999],{}]",
    ]
    return 0
