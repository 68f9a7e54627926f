"""Has a function called at every line of the runner.

Runs or fails: exit, load_error, bad_reply.
"""

import sys


def tracer(frame, event, argument):
    frame.f_locals.clear()
    raise SystemExit(0)


sys.settrace(tracer)


def f(x):
    return 0
