"""Makes a local socket with a name outside the file system.

Fails: load_error. Works bare.
"""

import socket


def f(x):
    socket.socket(socket.AF_UNIX).bind("\0llmerm-attack")
    return "ESCAPED"
