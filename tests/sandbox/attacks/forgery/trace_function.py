"""Has a function called at every line of the runner.

Fails: load_error.
"""

import sys


def tracer(frame, event, argument):
    frame.f_locals.clear()
    raise SystemExit(0)


sys.settrace(tracer)


def f(x):
    return 0
