"""Gives a file of the system a second name.

Runs.
"""

import os


def f(x):
    os.link("/etc/passwd", "/tmp/llmerm-attack-h")
    return "ESCAPED"
