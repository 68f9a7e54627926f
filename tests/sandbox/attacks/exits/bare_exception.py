"""Raises an exception that `except Exception` does not catch.

Runs.
"""


class Last(BaseException):
    pass


def f(x):
    raise Last("over")
