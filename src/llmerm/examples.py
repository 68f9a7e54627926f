"""A few inputs that a result keeps, to try its program on after the samples are gone."""

from __future__ import annotations

from itertools import accumulate

from llmerm.samples import Split
from llmerm.typing import Value
from llmerm.values import key

MOST = 32
"""Inputs that are kept, at most."""
ROOM = 100_000
"""Characters that they may have together, as JSON."""


def kept(split: Split) -> tuple[Value, ...]:
    """The first distinct inputs of the train part, of all samples where that is empty.

    Labels are never kept. Of long inputs there are fewer, and always one at least.

    >>> from llmerm.samples import Samples
    >>> kept(Samples.of([("a", 0), ("a", 0), ("b", 1), ("c", 1)]).split(0))
    ('c', 'a', 'b')
    """
    source = split.train if len(split.train) else split.held_out
    distinct: dict[str, Value] = {}
    for x in source.inputs:
        distinct.setdefault(key(x), x)
        if len(distinct) == MOST:
            break
    sizes = accumulate(map(len, distinct))
    fitting = [x for x, size in zip(distinct.values(), sizes, strict=True) if size <= ROOM]
    return tuple(fitting or list(distinct.values())[:1])
