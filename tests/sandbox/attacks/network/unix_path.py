"""Makes a local socket with a name in the file system.

Fails: load_error. Works bare.
"""

import socket


def f(x):
    socket.socket(socket.AF_UNIX).bind("/tmp/llmerm-attack-s")
    return "ESCAPED"
