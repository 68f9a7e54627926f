"""The classical baseline: plain enumeration in the order of length, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from llmerm.proposers.base import Proposer
from llmerm.proposers.enumerator import Enumerate
from llmerm.samples import Samples
from llmerm.search.grammar import Grammar
from llmerm.typing import Proposal, Value


@dataclass(frozen=True, kw_only=True)
class LengthFirst(Proposer):
    """Proposes the programs that fit in the order of their bits, by enumeration alone.

    The same grammar, prices and engine as `Enumerate`, without solvers and without the
    goal-directed last step: what finite-class empirical risk minimisation costs by itself.

    Attributes:
        seconds: wall time to spend at most.
        max_bytes: memory for the values found on the way.
        max_samples: how many training samples it looks at, as for `Enumerate`.
        grammar: what programs are made of; None to choose by the inputs' type.

    >>> LengthFirst().name
    'length_first'
    """

    seconds: float = 6.0
    max_bytes: int = 384 << 20
    max_samples: int | None = 10_000
    grammar: Grammar | None = None

    name: ClassVar[str] = "length_first"  # type: ignore[misc]  # fixed for this class

    def __post_init__(self) -> None:
        _ = self._plain  # checks the limits

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The limits, and the names of the operators that were given."""
        return self._plain.parameters

    def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """At most `k` programs, as `Enumerate.propose` gives them."""
        return self._plain.propose(train, k, seed)

    @property
    def _plain(self) -> Enumerate:
        return Enumerate(
            seconds=self.seconds,
            max_bytes=self.max_bytes,
            max_samples=self.max_samples,
            grammar=self.grammar,
            solvers=(),
            goal_directed=False,
        )
