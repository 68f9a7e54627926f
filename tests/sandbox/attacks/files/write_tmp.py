"""Leaves a file in the folder where everyone may write.

Runs. Works bare.
"""


def f(x):
    open("/tmp/llmerm-attack", "w").write("x")
    return "ESCAPED"
