"""Nothing but a comment.

Fails: no_function.
"""

SOURCE = "# def f(x): return 0"
