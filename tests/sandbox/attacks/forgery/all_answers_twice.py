"""Answers everything before it is asked, and then is asked.

Fails: bad_reply.
"""

import os

os.write(3, b'["loaded",""]\n[[' + b"0," * 23 + b"0],{}]\n")


def f(x):
    return 1
