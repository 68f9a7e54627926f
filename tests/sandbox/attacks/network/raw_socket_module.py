"""Makes a socket with the module below `socket`.

Runs. Works bare.
"""


def f(x):
    import _socket

    _socket.socket()
    return "ESCAPED"
