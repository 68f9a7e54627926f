"""Makes a socket.

Runs. Works bare.
"""


def f(x):
    import socket

    socket.socket()
    return "ESCAPED"
