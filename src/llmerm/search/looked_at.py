"""Which of the training samples are looked at: a few by the bank, a part by the solvers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from llmerm.samples import Samples
from llmerm.search.goal import Goal

FIRST_SAMPLES = 48
MOST_SAMPLES = 64
"""Values are held for 48 samples at first; those that refute a candidate join, up to 64."""

SUBSET_CHARACTERS = 1 << 18
"""Of very long inputs fewer samples are held, as each takes the room of the longest; at least 8."""

PART_SAMPLES, PART_CHARACTERS = 500, 1 << 20
"""The solvers see so many samples or characters at first, but no fewer samples than are held."""


class LookedAt:
    """The training samples that values are held for, and the part that solvers fit constants to.

    A candidate that these samples do not refute is run on all; what refutes it there joins them.

    Args:
        samples: all training samples.
        goal: their labels.
        seed: chooses the first ones.
    """

    def __init__(self, samples: Samples, goal: Goal, *, seed: int) -> None:
        self._samples = samples
        every = list(map(size, samples.inputs))
        order = _order(every, goal, seed=seed)
        sizes = [every[i] for i in order]
        held = min(FIRST_SAMPLES, max(8, SUBSET_CHARACTERS // max([1, *sizes])))
        self._held = order[:held]
        self._part = set(order[: max(held, _within(sizes[:PART_SAMPLES], PART_CHARACTERS))])

    @property
    def sizes(self) -> tuple[int, int]:
        """How many samples are held, and how many the solvers see."""
        return len(self._held), len(self._part)

    def part(self) -> tuple[Samples, list[int]]:
        """The samples for the solvers, and the places in them of those to hold values for."""
        if len(self._part) == len(self._samples):
            return self._samples, list(self._held)
        places = {i: place for place, i in enumerate(sorted(self._part))}
        return self._samples.take(places), [places[i] for i in self._held]

    def learn(self, refuting: Iterable[int], *, hold: bool) -> None:
        """Let these samples join the solvers', and the first one those held if there is room."""
        found = list(refuting)
        self._part.update(found)
        if hold and found[0] not in self._held and len(self._held) < MOST_SAMPLES:
            self._held = [*self._held, found[0]]


def _within(sizes: Sequence[int], most: int) -> int:
    """How many of the first sizes sum to no more than this."""
    return int(np.searchsorted(np.cumsum(sizes), most, side="right"))


def _order(sizes: Sequence[int], goal: Goal, *, seed: int) -> list[int]:
    """All samples: the shortest and the longest input, then both classes alike, at random."""
    order = np.random.Generator(np.random.PCG64([seed, 3])).permutation(len(sizes)).tolist()
    ends = [f(order, key=sizes.__getitem__) for f in (min, max)] if order else []
    if goal.truth is not None:
        truth = goal.truth.tolist()
        sides = [[i for i in order if truth[i] == side] for side in (False, True)]
        order = [i for turn in zip_longest(*sides) for i in turn if i is not None]
    return list(dict.fromkeys([*ends, *order]))


def size(x: object) -> int:
    """The characters of a text, the items of a list or row, 1 for a number."""
    return len(x) if isinstance(x, (str, list, tuple, dict)) else 1
