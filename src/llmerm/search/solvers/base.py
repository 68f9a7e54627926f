"""The interface of a solver: it fits the constants of one family of programs to the labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.candidate import Candidate
from llmerm.search.clock import Clock


@runtime_checkable
class Solver(Protocol):
    """Finds the constants that plain enumeration would take too long to reach.

    The law: what it proposes is an expression of the bank's grammar, with the bits that the
    grammar gives it, its fitted constants included. It may propose too much: the engine checks
    each candidate on all training samples. It stops soon after `clock.over`.

    Attributes:
        name: where its candidates say they come from.
    """

    name: str

    def propose(self, bank: Bank, samples: Samples, clock: Clock) -> Iterator[Candidate]:
        """Candidates from the rows that the bank's last level added (`bank.fresh`).

        Args:
            bank: the values found so far, over a part of the samples.
            samples: all training samples.
            clock: the time left.
        """
        ...
