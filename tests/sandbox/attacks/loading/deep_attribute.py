"""A chain of attributes until the compiler gives up.

Fails: syntax_error, memory, crash, load_error.
"""

SOURCE = "x = x" + ".a" * 45_000
