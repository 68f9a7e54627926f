"""Reads the list of users.

Runs. Works bare.
"""


def f(x):
    open("/etc/passwd").read()
    return "ESCAPED"
