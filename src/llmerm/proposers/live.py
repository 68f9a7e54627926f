"""Calls in flight together: one first, so that its prompt is cached, then all others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from llmerm.proposers.calling import Caller, OutOfBudgetError
from llmerm.proposers.model import Fault, Reply, Request

Outcome: TypeAlias = "tuple[Request, Sequence[Reply] | Fault]"
"""What became of a request: a reply for each of its draws, or why there is none."""


class _Ended(NamedTuple):
    """What became of a request; None if the budget could not bear it. `taken` once it was read."""

    outcome: Outcome | Exception | None
    taken: asyncio.Event


async def live(caller: Caller, requests: Sequence[Request]) -> AsyncGenerator[Outcome, None]:
    """What became of each request, as they end; the others start once the first has begun.

    So their prompt lies in the provider's cache. Requests that the budget cannot bear are left out.

    Raises:
        Fault: a fatal one.
    """
    cached, ended = asyncio.Event(), asyncio.Queue[_Ended]()
    tasks = [
        asyncio.ensure_future(_ask(caller, request, cached, ended, first=index == 0))
        for index, request in enumerate(requests)
    ]
    try:
        for _ in tasks:
            outcome, taken = await ended.get()
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is not None:
                yield outcome
            taken.set()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ask(
    caller: Caller,
    request: Request,
    cached: asyncio.Event,
    ended: asyncio.Queue[_Ended],
    *,
    first: bool,
) -> None:
    """Makes a call, which counts as in flight until its outcome was read, and so kept."""
    taken = asyncio.Event()
    try:
        if not first:
            await cached.wait()
        async with caller.replies(request, cached.set) as replies:
            answered = replace(request, draws=request.draws[: len(replies)])
            ended.put_nowait(_Ended((answered, replies), taken))
            cached.set()
            await taken.wait()
    except OutOfBudgetError:
        ended.put_nowait(_Ended(None, taken))
    except Fault as fault:
        ended.put_nowait(_Ended(fault if fault.kind == "fatal" else (request, fault), taken))
    except Exception as error:  # it is raised again where the outcomes are read
        ended.put_nowait(_Ended(error, taken))
    finally:
        cached.set()
