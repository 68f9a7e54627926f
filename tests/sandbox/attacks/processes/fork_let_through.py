"""Forks by the system call: that the limit on processes refuses it would not be enough.

Runs.
"""


def libc():
    for kind in object.__subclasses__():
        if kind.__name__ == "CDLL":
            return kind(None, use_errno=True), kind.__init__.__globals__["get_errno"]


def f(x):
    library, error = libc()
    try_again = 11
    child = library.fork()
    if child == 0:
        library._exit(0)
    return "ESCAPED" if child > 0 or error() == try_again else ""
