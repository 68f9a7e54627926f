"""Makes a symbolic link to a file that it may not read.

Runs. Works bare.
"""


def f(x):
    import os

    os.symlink("/etc/passwd", "/tmp/llmerm-attack-l")
    return "ESCAPED"
