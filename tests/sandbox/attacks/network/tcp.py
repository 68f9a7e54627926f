"""Connects to a port.

Fails: load_error. Works bare.
"""

import socket


def f(x):
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(server.getsockname()).close()
    return "ESCAPED"
