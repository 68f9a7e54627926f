"""Looks a name up.

Runs or fails: load_error. Works bare.
"""

import socket


def f(x):
    socket.getaddrinfo("localhost", 80)
    return "ESCAPED"
