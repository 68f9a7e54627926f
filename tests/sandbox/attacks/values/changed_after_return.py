"""Changes its earlier answers when it is called again.

Runs or fails: bad_reply.
"""

kept = []


def f(x):
    kept.append([len(kept)])
    for answer in kept:
        answer[0] = len(kept)
    return kept[-1]
