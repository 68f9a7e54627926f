"""Starts another program with `subprocess`.

Runs. Works bare.
"""


def f(x):
    import subprocess

    subprocess.run(["true"])
    return "ESCAPED"
