"""Blocks nested until the parser gives up.

Fails: syntax_error, memory.
"""

SOURCE = "".join(" " * depth + "if 1:\n" for depth in range(400))
