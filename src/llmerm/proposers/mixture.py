"""Several proposers in turn, as one: one budget of k, one verifier, one certificate."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import final

from llmerm.errors import ArgumentError
from llmerm.proposers.base import Proposer, Terms
from llmerm.samples import Samples
from llmerm.typing import Failed, Proposal, Usage, Value


@final
class MixtureProposer(Proposer):
    """Draws from each of `members` in turn: draw i is made by member i modulo their number.

    The draws stay independent, so the certificate for the best of k holds as for one proposer.

    Args:
        members: the proposers, two or more.

    >>> from llmerm.proposers.scripted import ScriptedProposer
    >>> MixtureProposer([ScriptedProposer(["def f(x): return 0"])] * 2).name
    'scripted+scripted'
    """

    def __init__(self, members: Iterable[Proposer]) -> None:
        self.members = tuple(members)
        if len(self.members) < 2:
            raise ArgumentError(f"a mixture takes 2 proposers or more, got {len(self.members)}.")
        self.name = "+".join(member.name for member in self.members)
        self._paid: Mapping[int, Proposal] = {}

    @property
    def parameters(self) -> Mapping[str, Value]:
        """Each member's name and parameters."""
        members: list[Value] = [
            {"name": one.name, "parameters": dict(one.parameters)} for one in self.members
        ]
        return {"members": members}

    @property
    def priced(self) -> bool:
        """Whether the cost of every member is known."""
        return all(member.priced for member in self.members)

    @property
    def adaptive(self) -> bool:
        """Whether any member is."""
        return any(member.adaptive for member in self.members)

    def prompt(self, train: Samples) -> str | None:
        """The members' prompts as one JSON list, or None if none has one."""
        prompts = [member.prompt(train) for member in self.members]
        return json.dumps(prompts) if any(prompts) else None

    def forecast(self, train: Samples, k: int) -> Usage:
        """The most that the members can cost together."""
        shares = zip(self.members, self._shares(k), strict=True)
        return sum((member.forecast(train, len(share)) for member, share in shares), Usage())

    def under(self, terms: Terms) -> MixtureProposer:
        """The mixture of the members under their parts of the terms."""
        rest = copy.copy(self)
        rest._paid = terms.paid
        rest.members = tuple(
            member.under(self._part(terms, index)) for index, member in enumerate(self.members)
        )
        return rest

    async def propose(self, train: Samples, k: int, seed: int) -> AsyncIterator[Proposal]:
        """The members' proposals as they come; draws of one that has no more are `exhausted`."""
        queue: asyncio.Queue[Proposal | Exception | None] = asyncio.Queue()
        shares = self._shares(k)
        tasks = [
            asyncio.ensure_future(self._drain(member, train, share, seed, queue))
            for member, share in zip(self.members, shares, strict=True)
        ]
        try:
            for _ in tasks:
                while (item := await queue.get()) is not None:
                    if isinstance(item, Exception):
                        raise item
                    yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _drain(
        self,
        member: Proposer,
        train: Samples,
        share: range,
        seed: int,
        queue: asyncio.Queue[Proposal | Exception | None],
    ) -> None:
        """Puts a member's proposals under their numbers in the mixture, then None."""
        missing = set(share) - self._paid.keys()
        stream = member.propose(train, len(share), seed)
        try:
            async for proposal in stream:
                if proposal.draw < len(share):
                    missing.discard(share[proposal.draw])
                    await queue.put(replace(proposal, draw=share[proposal.draw]))
            for draw in sorted(missing):
                await queue.put(Proposal(draw, failure=Failed("exhausted")))
        except Exception as error:  # it is raised again where the proposals are read
            queue.put_nowait(error)
        finally:
            with suppress(AttributeError):
                await stream.aclose()  # type: ignore[attr-defined]
            queue.put_nowait(None)

    def _shares(self, k: int) -> list[range]:
        count = len(self.members)
        return [range(index, k, count) for index in range(count)]

    def _part(self, terms: Terms, index: int) -> Terms:
        count, mark = len(self.members), f"{index}:"
        paid = {d // count: one for d, one in terms.paid.items() if d % count == index}
        notes = {n.removeprefix(mark): t for n, t in terms.notes.items() if n.startswith(mark)}
        return replace(
            terms,
            paid={draw: replace(proposal, draw=draw) for draw, proposal in paid.items()},
            notes=notes,
            note=lambda name, text: terms.note(mark + name, text),
            number=partial(_number, terms, index, count),
        )


def _number(terms: Terms, index: int, count: int, draw: int) -> int:
    return terms.number(index + count * draw)
