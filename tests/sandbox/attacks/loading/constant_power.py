"""Lets the compiler compute a large constant.

Fails: timeout, no_function.
"""

SOURCE = "x = " + " ** ".join(["9"] * 9)
