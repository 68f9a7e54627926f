"""A provider's batch endpoint: all draws at once, at half the price, within a day."""

from __future__ import annotations

import asyncio
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from llmerm.proposers.gathering import text_of
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.typing import Usage

DISCOUNT = 0.5
"""The part of the price that is left to pay, at OpenAI and at Anthropic."""

_PREFIX = "draw-"
_AROUND = 4_096
"""Bytes of a request beside its prompt, at most: settings, a schema, its name."""


class Ended(Fault):
    """A batch that the provider ended as a whole: nothing came or will come of it, or be billed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "fatal", usage=Usage())


class Batches(ABC):
    """The batch endpoint of one model. Subclass it for another provider's.

    The law: a batch that was submitted is paid for, so its id is to be kept before all else;
    `collect` can be asked for it at any time, by any process, as often as one likes.

    Attributes:
        most_requests: how many requests a batch may hold.
        most_bytes: how long they may be together.
    """

    most_requests: int = 50_000
    most_bytes: int = 200_000_000

    @abstractmethod
    async def submit(self, requests: Sequence[Request]) -> str:
        """Submits one batch with a request for each draw, and gives its id.

        Raises:
            Fault: if the server did not take it.
        """

    @abstractmethod
    async def collect(self, batch: str) -> Mapping[int, Reply | Fault] | None:
        """What became of each draw, or None while the batch is being worked on.

        Draws that the provider did not get to within its time are left out, and not paid for.

        Raises:
            Ended: if the batch failed as a whole.
            Fault: if the server gave no answer.
        """

    @abstractmethod
    def cost(self, prompt: Prompt, replies: int) -> Usage:
        """The most that so many replies can cost."""


async def wait_for(
    batches: Batches,
    batch: str,
    *,
    first: float = 5.0,
    longest: float = 300.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Mapping[int, Reply | Fault]:
    """What became of each draw, once the batch is done.

    It asks after `first` seconds, and then after half as long again each time, up to `longest`;
    a server that gives no answer is asked again.

    Raises:
        Ended: if the batch failed as a whole.
        Fault: if it cannot be asked for.
    """
    wait = first
    while (found := await _collected(batches, batch)) is None:
        await sleep(wait)
        wait = min(longest, wait * 1.5)
    return found


async def _collected(batches: Batches, batch: str) -> Mapping[int, Reply | Fault] | None:
    try:
        return await batches.collect(batch)
    except Fault as fault:
        if fault.kind not in ("transient", "overloaded"):
            raise
        return None


def each(requests: Sequence[Request]) -> Iterator[tuple[str, Request]]:
    """One request for each draw, with the name that it has in its batch."""
    for request in requests:
        for draw in request.draws:
            number = draw if request.number is None else request.number
            yield f"{_PREFIX}{number}", replace(request, draws=(draw,))


def loads(batches: Batches, requests: Iterable[Request]) -> Iterator[list[Request]]:
    """The requests in parts that one batch may hold each, in their order."""
    part: list[Request] = []
    size = 0
    for request in requests:
        more = len(json.dumps(str(request.prompt))) + _AROUND
        if part and (len(part) == batches.most_requests or size + more > batches.most_bytes):
            yield part
            part, size = [], 0
        part.append(request)
        size += more
    if part:
        yield part


def id_of(batch: object) -> str:
    """The id that a server gave to a batch.

    Raises:
        Fault: if it gave none, so that the batch can never be asked for.
    """
    if found := text_of(batch, "id"):
        return found
    raise Fault("the server gave its batch no id, so it cannot be asked for", "fatal")


def draw_of(name: object) -> int | None:
    """The number that a name in a batch stands for; None for a name that `each` did not give.

    >>> draw_of("draw-12")
    12
    """
    found = re.fullmatch(_PREFIX + "([0-9]{1,18})", name) if isinstance(name, str) else None
    return int(found[1]) if found else None


def at_half_price(usage: Usage) -> Usage:
    """The usage, at a batch's price."""
    return replace(usage, usd=usage.usd * DISCOUNT)


def halved(model: Model, prompt: Prompt, replies: int) -> Usage:
    """The most that so many replies can cost in a batch, where each is a call of its own."""
    one = at_half_price(model.cost(prompt, 1))
    return sum([one] * replies, Usage())
