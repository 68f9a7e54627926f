"""A class in the place of the function, whose objects are no values.

Runs.
"""


class f:
    def __init__(self, x):
        pass
