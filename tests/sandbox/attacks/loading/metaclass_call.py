"""Names whose attributes raise when the module is looked through.

Runs or fails: no_function, load_error.
"""


class Odd:
    def __call__(self, x):
        return 0

    def __getattribute__(self, name):
        raise KeyboardInterrupt(name)


g = Odd()
h = Odd()
