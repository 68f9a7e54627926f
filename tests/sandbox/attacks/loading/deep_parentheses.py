"""Parentheses nested until the parser gives up.

Fails: syntax_error, memory.
"""

SOURCE = "x = " + "(" * 20_000 + ")" * 20_000
