"""Which candidates hold on all samples, which are new, and how long each waits."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from llmerm.samples import Samples
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock
from llmerm.search.emit import emit
from llmerm.search.expression import function, nested
from llmerm.search.goal import Goal, same
from llmerm.search.looked_at import size
from llmerm.search.probes import behaviour, probes
from llmerm.typing import Value

PATIENCE = 48 << 20
"""How long a candidate waits for shorter ones to turn up, in bytes of values computed since."""

JUDGED_SAMPLES, JUDGED_CHARACTERS = 2000, 1 << 20
"""Mistakes are counted on so many samples or characters: enough to compare near misses."""

LOOK, LOOK_CHARACTERS = 16, 1 << 12
"""After so many samples, and each so long, it is asked whether the time is over."""

MORE_CHARACTERS = 1 << 20
"""Once a candidate is refuted, so many characters are gone through for more samples like that."""


class Judge:
    """Runs candidates on the training samples and tells which are worth handing on.

    Args:
        samples: the training samples.
        goal: their labels.
        clock: raises `Halt` when the time is over.
        seed: chooses the probes.

    Attributes:
        judged: how many of the samples mistakes are counted on.
    """

    def __init__(self, samples: Samples, goal: Goal, clock: Clock, *, seed: int) -> None:
        self._samples = samples
        self._goal = goal
        self._clock = clock
        total = sum(map(size, samples.inputs[:JUDGED_SAMPLES]))
        share = min(1.0, JUDGED_CHARACTERS / max(total, 1))
        self.judged = max(1, int(min(JUDGED_SAMPLES, len(samples)) * share))
        self._probes = probes(samples.inputs, seed=seed)
        self._behaviours: set[tuple[str, ...]] = set()
        self._checked: set[str] = set()

    def unseen(self, candidate: Candidate) -> bool:
        """True the first time that this very expression turns up."""
        text = nested(candidate.expr)
        new = text not in self._checked
        self._checked.add(text)
        return new

    def refuting(self, candidate: Candidate, most: int = 1) -> list[int]:
        """The first samples whose label the candidate does not give; none where all are right.

        Of very long inputs those that come soon after the first.

        Raises:
            Halt: if the time is over before that is known.
        """
        return list(islice(self._refuting(candidate), most))

    def _refuting(self, candidate: Candidate) -> Iterator[int]:
        call = function(self._goal.answer(candidate.expr))
        left = math.inf
        for place, (x, y) in enumerate(self._samples):
            if place % LOOK == LOOK - 1 or size(x) > LOOK_CHARACTERS:
                self._clock.check()
            left -= size(x)
            if left < 0:
                return
            if not _gives(call, x, y):
                yield place
                left = min(left, MORE_CHARACTERS)

    def mistakes(self, candidate: Candidate) -> int:
        """On how many of the first `judged` samples the candidate does not give the label."""
        call = function(self._goal.answer(candidate.expr))
        return sum(not _gives(call, x, y) for x, y in self._samples[: self.judged])

    def printed(self, candidate: Candidate) -> Candidate | None:
        """The candidate with its source, or None if one of equal behaviour came before."""
        answer = self._goal.answer(candidate.expr)
        shown = behaviour(function(answer), self._probes)
        if shown in self._behaviours:
            return None
        self._behaviours.add(shown)
        return replace(candidate, source=candidate.source or emit(answer))


def _gives(call: Callable[[Any], Any], x: Value, y: Value) -> bool:
    try:
        return same(call(x), y)
    except Exception:  # whatever an operator's source may raise: it gives no value here
        return False


@dataclass
class Waiting:
    """Candidates that a shorter one may still overtake, in order of bits."""

    _heap: list[tuple[float, int, int, float, int, Candidate]] = field(default_factory=list)
    _count: int = 0

    def add(self, candidate: Candidate, level: float, work: int) -> None:
        """Take in a candidate found when so much work was done; from `level` bits on it is due."""
        self._count += 1
        length = len(nested(candidate.expr))
        entry = (candidate.bits, length, self._count, level, work + PATIENCE, candidate)
        heapq.heappush(self._heap, entry)

    def due(self, bits: float, work: int) -> Iterator[Candidate]:
        """Those that nothing shorter can precede, or that have waited enough: shortest first."""
        while self._heap and (self._heap[0][3] <= bits or self._heap[0][4] <= work):
            yield heapq.heappop(self._heap)[-1]

    def all(self) -> Iterator[Candidate]:
        """All that still wait, shortest first."""
        while self._heap:
            yield heapq.heappop(self._heap)[-1]
