"""Writes a megabyte; what stops it must stop a terabyte too.

Runs. Works bare.
"""


def f(x):
    with open("/tmp/llmerm-attack-big", "wb") as file:
        file.write(bytes(1 << 20))
    return "ESCAPED"
