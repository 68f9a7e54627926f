"""Raises an exception of its own class while it is loaded, whose description raises too.

Fails: load_error.
"""


class Odd(BaseException):
    def __str__(self):
        raise self


raise Odd
