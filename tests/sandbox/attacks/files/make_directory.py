"""Makes a directory.

Runs. Works bare.
"""


def f(x):
    import os

    os.mkdir("/tmp/llmerm-attack-d")
    return "ESCAPED"
