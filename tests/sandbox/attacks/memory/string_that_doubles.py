"""Doubles a string until it is too long.

Runs or fails: timeout.
"""


def f(x):
    text = "x"
    while True:
        text += text
