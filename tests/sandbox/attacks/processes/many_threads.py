"""Starts threads for ever.

Runs.
"""

import threading


def f(x):
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
