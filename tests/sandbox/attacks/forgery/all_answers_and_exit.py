"""Writes its whole reply by itself: it forges its own answers, and no one else's.

Runs.
"""

import os

os.write(3, b'["loaded",""]\n[[' + b"2," * 23 + b"2],{}]\n")
os._exit(0)
