"""A source that is not Python.

Fails: syntax_error.
"""

SOURCE = "def f(x) return 0"
