"""A source with a null byte, at which C would stop reading.

Fails: syntax_error.
"""

SOURCE = "def f(x): return 0\0\nimport os"
