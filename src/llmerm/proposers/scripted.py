"""A proposer that plays given sources, for tests and for programs you already have."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Mapping, Sequence

from llmerm.proposers.base import Proposer, Terms
from llmerm.samples import Samples
from llmerm.typing import Failed, Proposal, Usage, Value


class ScriptedProposer(Proposer):
    """Proposes the given programs, in order, whatever the samples are.

    Args:
        script: each item is a source, or a `Failed` for a draw that gives none.
        usage: what each draw is to cost, in tests of budgets and ledgers.

    Attributes:
        paid: the numbers of the draws that were made, in order.

    >>> import llmerm
    >>> proposer = ScriptedProposer(["def f(x): return x % 2"])
    >>> llmerm.fit([(i, i % 2) for i in range(80)], proposer=proposer).held_out_error
    0.0
    """

    name = "scripted"

    def __init__(self, script: Sequence[str | Failed], *, usage: Usage | None = None) -> None:
        self.script = tuple(script)
        self.usage = usage or Usage()
        self.paid: list[int] = []
        self._skip: frozenset[int] = frozenset()

    @property
    def parameters(self) -> Mapping[str, Value]:
        """The script itself."""
        return {"script": [str(item) for item in self.script]}

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """The script's first `k` items."""
        for draw, item in enumerate(self.script[:k]):
            if draw in self._skip:
                continue
            self.paid.append(draw)
            if isinstance(item, Failed):
                yield Proposal(draw, failure=item, usage=self.usage)
            else:
                yield Proposal(draw, item, reply=item, usage=self.usage)

    def under(self, terms: Terms) -> ScriptedProposer:
        """The same script without the draws in `terms.paid`; `paid` lists are shared."""
        rest = copy.copy(self)
        rest._skip = frozenset(terms.paid)
        return rest
