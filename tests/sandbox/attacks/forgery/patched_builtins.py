"""Takes functions away from the code that calls it.

Runs.
"""

import builtins

for name in ("len", "map", "set", "type", "isinstance", "range", "iter", "memoryview"):
    setattr(builtins, name, None)


def f(x):
    return 0
