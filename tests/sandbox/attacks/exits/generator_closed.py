"""Raises what closes a generator.

Runs.
"""


def f(x):
    raise GeneratorExit
