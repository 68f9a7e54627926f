"""Looks a name up.

Fails: load_error. Works bare.
"""

import socket


def f(x):
    socket.getaddrinfo("localhost", 80)
    return "ESCAPED"
