"""What a model answered, as proposals: the code read out of each reply, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from llmerm.proposers import extract
from llmerm.proposers.model import Fault, Reply, Request
from llmerm.typing import Failed, Proposal, Usage


def proposals(
    request: Request, outcome: Sequence[Reply] | Fault, restore: Callable[[str], str]
) -> list[Proposal]:
    """A proposal for each of the request's draws, in their order.

    It may take long: a reply can be huge. `restore` undoes the names that the prompt was given.
    """
    if isinstance(outcome, Fault):
        costs = [outcome.usage, *[Usage()] * len(request.draws[1:])]
        failure = Failed("provider", str(outcome))
        return [
            Proposal(draw, failure=failure, usage=usage)
            for draw, usage in zip(request.draws, costs, strict=True)
        ]
    return [_read(draw, reply, restore) for draw, reply in zip(request.draws, outcome, strict=True)]


def _read(draw: int, reply: Reply, restore: Callable[[str], str]) -> Proposal:
    code = extract.read(reply)
    proposal = Proposal(draw, reply=reply.text, usage=reply.usage)
    if isinstance(code, Failed):
        return replace(proposal, failure=code)
    return replace(proposal, source=restore(code))
