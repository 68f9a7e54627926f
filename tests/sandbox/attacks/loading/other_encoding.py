"""A source that says it is to be read in another encoding; it is text already.

Runs.
"""

SOURCE = "# -*- coding: rot13 -*-\ndef f(x): return 0\n"
