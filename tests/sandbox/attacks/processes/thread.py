"""Starts a thread.

Runs. Works bare.
"""


def f(x):
    import threading

    threading.Thread(target=int).start()
    return "ESCAPED"
