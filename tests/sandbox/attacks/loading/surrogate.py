"""A source that no encoding can write.

Fails: syntax_error.
"""

SOURCE = "def f(x): return '\ud800'"
