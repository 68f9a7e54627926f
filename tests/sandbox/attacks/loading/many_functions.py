"""So many functions that the detail of the failure must be cut.

Fails: no_function.
"""

SOURCE = "".join(f"def g{i}(x): pass\n" for i in range(4_000))
