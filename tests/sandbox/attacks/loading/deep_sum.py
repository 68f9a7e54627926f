"""A sum of so many terms that the compiler recurses.

Runs or fails: syntax_error, memory, crash, no_function.
"""

SOURCE = "x = " + "1+" * 45_000 + "1"
