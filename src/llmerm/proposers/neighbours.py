"""Draws in runs of consecutive numbers, as servers number the replies of one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def neighbours(draws: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    """The draws in runs of consecutive numbers, none longer than `most`.

    Servers seed reply i of a call with its seed + i: a gap within a call would give one draw the
    seed, and so the very reply, of another.

    >>> list(neighbours([0, 1, 2, 5], most=2))
    [(0, 1), (2,), (5,)]
    """
    run: tuple[int, ...] = ()
    for draw in draws:
        if run and (draw != run[-1] + 1 or len(run) == most):
            yield run
            run = ()
        run += (draw,)
    if run:
        yield run
