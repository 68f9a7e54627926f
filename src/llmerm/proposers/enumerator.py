"""The embedded proposer: no model and no key, a search over a grammar of programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from llmerm.proposers.base import Proposer
from llmerm.proposers.searching import check_limits, proposals
from llmerm.samples import Samples
from llmerm.search.clock import Clock
from llmerm.search.engine import Enumerator
from llmerm.search.grammar import Grammar
from llmerm.search.solvers.base import Solver
from llmerm.search.solvers.registry import default_solvers
from llmerm.typing import Proposal, Value
from llmerm.values import key


@dataclass(frozen=True, kw_only=True)
class Enumerate(Proposer):
    """Proposes readable programs that fit the training samples, the shortest first.

    It enumerates expressions by their description length, solves for the outermost operator
    where that is cheap, and asks solvers for the constants of a few families. Where nothing fits
    that the samples can tell from chance, the last proposals are the best near misses and the
    constant program.

    Attributes:
        seconds: wall time to spend at most. It cuts the stream and does not reorder it.
        max_bytes: memory for the values found on the way.
        max_samples: how many training samples it looks at, drawn at random, beside more of each
            label that is rare among them; None for all of them, on which programs are scored
            either way.
        grammar: what programs are made of; None to choose by the inputs' type.
        solvers: what fits constants; None for all that are registered.
        goal_directed: whether the outermost operator is solved for.
        prior: how often each operator is expected, by its name, for instance as counted in
            earlier programs by `operator_counts`: it re-weights the grammar. If it was made from
            the training samples, so are the programs' `prior_bits`.

    >>> Enumerate(seconds=1.0).name
    'enumerate'
    """

    seconds: float = 6.0
    max_bytes: int = 384 << 20
    max_samples: int | None = 10_000
    grammar: Grammar | None = None
    solvers: Sequence[Solver] | None = None
    goal_directed: bool = True
    prior: Mapping[str, float] | None = None

    name: ClassVar[str] = "enumerate"  # type: ignore[misc]  # fixed for this class

    def __post_init__(self) -> None:
        check_limits(self.seconds, self.max_bytes, self.max_samples)

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The limits, and the names of the solvers and of the operators that were given."""
        return {
            "seconds": self.seconds,
            "max_bytes": self.max_bytes,
            "max_samples": self.max_samples,
            "goal_directed": self.goal_directed,
            "solvers": None if self.solvers is None else [s.name for s in self.solvers],
            "prior": None if self.prior is None else dict(self.prior),
            "grammar": None if self.grammar is None else [op.name for op in self.grammar.ops],
        }

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """At most `k` programs; the search is a thread that ends when the iterator is closed."""
        if not len(train):
            return
        clock = Clock(self.seconds)
        found = proposals(lambda: self._search(train, seed, clock), k, clock)
        try:
            async for proposal in found:
                yield proposal
        finally:
            await found.aclose()

    def grammar_for(self, train: Samples, seed: int) -> Grammar:
        """What programs are made of; of the samples, only the inputs have a say in it."""
        return self.grammar or Grammar.infer(_taken(train, self._places(train, seed)))

    def _search(self, train: Samples, seed: int, clock: Clock) -> Enumerator:
        grammar, some = self.grammar_for(train, seed), self._places(train, seed)
        return Enumerator(
            grammar.reweighted(self.prior) if self.prior else grammar,
            _taken(train, [*some, *_rare(train.outputs, some)]),
            solvers=default_solvers() if self.solvers is None else self.solvers,
            goal_directed=self.goal_directed,
            max_bytes=self.max_bytes,
            clock=clock,
            seed=seed,
        )

    def _places(self, train: Samples, seed: int) -> Sequence[int]:
        """Where the samples are that it looks at, whatever their labels."""
        if self.max_samples is None or len(train) <= self.max_samples:
            return range(len(train))
        order = np.random.Generator(np.random.PCG64([seed, 2])).permutation(len(train))
        return [int(place) for place in order[: self.max_samples]]


def _taken(train: Samples, places: Sequence[int]) -> Samples:
    return train if len(places) == len(train) else train.take(places)


def _rare(outputs: Sequence[Value], some: Sequence[int]) -> list[int]:
    """Where there is more of each label that is rare among `some`, if labels are classes."""
    seen = Counter(key(outputs[place]) for place in some)
    few, found = len(some) // _RARE, []
    for place in sorted({*range(len(outputs))} - {*some}):
        label = key(outputs[place])
        if seen[label] < few:
            seen[label] += 1
            found.append(place)
        if len(seen) > _CLASSES:
            return []
    return found


_RARE = 50  # a label that fewer have than one in so many
_CLASSES = 50
