"""Answers with the input before.

Fails: impure.
"""

last = [""]


def f(x):
    answer, last[0] = last[0], x
    return answer
