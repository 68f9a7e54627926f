"""A name that is right, and no function.

Fails: no_function.
"""

f = 1
