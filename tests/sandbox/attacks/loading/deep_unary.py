"""Signs nested until the parser gives up.

Fails: syntax_error, memory, crash.
"""

SOURCE = "x = " + "-" * 90_000 + "1"
