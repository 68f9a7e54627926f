"""Fills a dict with keys that all collide.

Fails: timeout.
"""


class Key:
    def __hash__(self):
        return 1


def f(x):
    return len({Key() for _ in range(1_000_000)})
