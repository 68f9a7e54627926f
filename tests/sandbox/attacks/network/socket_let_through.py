"""Makes a socket by a system call: that the limit on open files refuses it would not be enough.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True), kind.__init__.__globals__["get_errno"]


def f(x):
    library, error = libc()
    too_many_files = 24
    made = library.socket(2, 1, 0) >= 0
    return "ESCAPED" if made or error() == too_many_files else ""
