"""Runs a command through what numpy's tools import.

Runs.
"""

import numpy as np


def f(x):
    from numpy import f2py

    return "ESCAPED" if f2py.subprocess.run(["/bin/true"]).returncode == 0 else ""
