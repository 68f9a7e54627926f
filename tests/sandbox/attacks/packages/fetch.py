"""Has a table fetched from the network.

Runs or fails: timeout.
"""

import numpy as np


def f(x):
    return "ESCAPED" if np.DataSource(None).open("http://127.0.0.1:1/x") else ""
