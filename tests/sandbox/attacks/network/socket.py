"""Makes a socket.

Runs or fails: load_error. Works bare.
"""


def f(x):
    import socket

    socket.socket()
    return "ESCAPED"
