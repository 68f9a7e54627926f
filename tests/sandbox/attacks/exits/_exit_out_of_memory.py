"""Leaves with the code that stands for lack of memory: a lie that harms itself only.

Fails: memory.
"""

import os

os._exit(77)
