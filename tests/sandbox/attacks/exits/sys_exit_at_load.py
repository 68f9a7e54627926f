"""Raises SystemExit while the module is loaded.

Fails: load_error.
"""

raise SystemExit
