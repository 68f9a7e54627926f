"""Never ends.

Fails: timeout.
"""


def f(x):
    while True:
        pass
