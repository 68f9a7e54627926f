"""Sends a datagram, which landlock alone would let pass.

Fails: load_error. Works bare.
"""

import socket


def f(x):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
    return "ESCAPED"
