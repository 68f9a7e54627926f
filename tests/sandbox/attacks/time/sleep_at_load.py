"""Sleeps while the module is loaded.

Fails: timeout.
"""

import time

time.sleep(60)
