"""Ignores every signal that can be ignored, and loops.

Fails: timeout.
"""


def f(x):
    import _signal

    for n in range(1, 65):
        try:
            _signal.signal(n, _signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
