"""Hooks itself into imports.

Runs.
"""

import builtins
import sys

real = builtins.__import__
sys.meta_path.append(object())


def hooked(name, *rest, **more):
    raise SystemExit(name)


builtins.__import__ = hooked


def f(x):
    import math

    return 0
