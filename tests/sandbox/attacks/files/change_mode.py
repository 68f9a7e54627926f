"""Makes a file of the host's readable for all.

Runs.
"""

import os


def f(x):
    os.chmod("/tmp/llmerm-secret", 0o777)
    return "ESCAPED"
