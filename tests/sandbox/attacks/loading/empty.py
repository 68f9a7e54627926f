"""Nothing but white space.

Fails: empty.
"""

SOURCE = " \n\t\n"
