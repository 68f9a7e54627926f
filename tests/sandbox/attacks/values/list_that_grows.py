"""Answers with a list of its own class, whose length changes when it is asked.

Runs.
"""


class Grows(list):
    def __len__(self):
        self.append(1)
        return 1

    def __iter__(self):
        while True:
            yield 1


def f(x):
    return Grows()
