"""Tens of thousands of names in one function.

Runs or fails: timeout, memory.
"""

SOURCE = "def f(x):\n" + "".join(f" a{i}=x\n" for i in range(8_000)) + " return 0\n"
