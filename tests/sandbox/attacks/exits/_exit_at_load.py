"""Leaves while the module is loaded.

Fails: exit.
"""

import os

os._exit(3)
