"""Names whose attributes raise when the module is looked through.

Fails: load_error.
"""


class Odd:
    def __call__(self, x):
        return 0

    def __getattribute__(self, name):
        raise KeyboardInterrupt(name)


g = Odd()
h = Odd()
