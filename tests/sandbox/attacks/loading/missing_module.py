"""Imports what does not exist.

Fails: load_error.
"""

import no_such_module_anywhere


def f(x):
    return 0
