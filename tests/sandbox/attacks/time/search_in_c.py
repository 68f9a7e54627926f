"""Searches a long text in quadratic time.

Fails: timeout.
"""

text = "a" * 2_000_000
word = "a" * 1_000_000 + "b"


def f(x):
    return sum(text.count("a" * k + "b" + "a" * k) for k in range(1000, 100_000))
