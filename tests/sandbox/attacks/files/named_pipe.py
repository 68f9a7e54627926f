"""Makes a named pipe, to talk to another candidate.

Runs. Works bare.
"""

import os


def f(x):
    os.mkfifo("/tmp/llmerm-attack-p")
    return "ESCAPED"
