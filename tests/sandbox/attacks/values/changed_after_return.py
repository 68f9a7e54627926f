"""Changes its earlier answers when it is called again.

Runs.
"""

kept = []


def f(x):
    kept.append([len(kept)])
    for answer in kept:
        answer[0] = len(kept)
    return kept[-1]
