"""Removes a file of the host's.

Runs.
"""

import os


def f(x):
    os.unlink("/tmp/llmerm-secret")
    return "ESCAPED"
