"""Leaves a file outside the temporary folder.

Runs. Works bare.
"""


def f(x):
    with open("/var/tmp/llmerm-attack", "w") as file:
        file.write("x")
    return "ESCAPED"
