"""Fills the memory while the module is loaded.

Fails: memory, timeout.
"""

big = ["x" * 1000 + str(i) for i in range(10**9)]
