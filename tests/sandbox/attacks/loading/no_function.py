"""No function at all.

Fails: no_function.
"""

x = 1
