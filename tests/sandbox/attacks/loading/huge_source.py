"""Ten million characters, which are refused unread.

Fails: too_long.
"""

SOURCE = "def f(x): return 0\n" + "#" * 10_000_000
