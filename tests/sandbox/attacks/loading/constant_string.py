"""Lets the compiler make a string of ten gigabytes.

Fails: memory, load_error, no_function.
"""

SOURCE = "x = 'x' * 10_000_000_000"
