"""Makes a socket with the module below `socket`.

Runs or fails: load_error. Works bare.
"""


def f(x):
    import _socket

    _socket.socket()
    return "ESCAPED"
