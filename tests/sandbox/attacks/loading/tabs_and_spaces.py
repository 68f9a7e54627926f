"""Indentation that means two things.

Fails: syntax_error.
"""

SOURCE = "def f(x):\n\tif x:\n        return 1\n\treturn 0\n"
