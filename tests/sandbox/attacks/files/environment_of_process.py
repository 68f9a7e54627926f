"""Reads the environment that the process was started with.

Runs. Works bare.
"""


def f(x):
    open("/proc/self/environ").read()
    return "ESCAPED"
