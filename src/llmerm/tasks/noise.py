"""Labels that are wrong at a known rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from llmerm.typing import Value
from llmerm.values import key

_MOST_CLASSES = 10  # above it labels count as values of a quantity


def noisy(labels: Sequence[Value], rate: float, rng: np.random.Generator) -> list[Value]:
    """The labels with a share `rate` of each class replaced by other labels out of the same list.

    The share is met up to one label a class (a coin rounds it, so that it is right on average),
    and two classes keep their balance. A quantity, more than ten labels, is exchanged instead.

    >>> noisy([0, 0, 1, 1], 0.5, np.random.default_rng(0)).count(1)
    2
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[key(label)].append(place)
    luck = rng.random()
    if len(places) > _MOST_CLASSES:
        return _exchanged(labels, rng.permutation(len(labels))[: int(rate * len(labels) + luck)])
    wrong = list(labels)
    for name in sorted(places):
        others = [labels[places[other][0]] for other in sorted(places) if other != name]
        count = int(rate * len(places[name]) + luck) if others else 0
        for place in rng.permutation(places[name])[:count].tolist():
            wrong[place] = others[int(rng.integers(len(others)))]
    return wrong


def _exchanged(labels: Sequence[Value], places: np.typing.NDArray[np.int_]) -> list[Value]:
    """The labels with those at `places` moved on by one place among them."""
    wrong = list(labels)
    for place, source in zip(places.tolist(), np.roll(places, 1).tolist(), strict=True):
        wrong[place] = labels[source]
    return wrong
