"""Looks for a secret in the environment, in Python's copy and in the C library's.

Runs. Works bare.
"""


def f(x):
    import os, posix

    return "ESCAPED" if "LLMERM_SECRET" in os.environ or posix.environ else ""
