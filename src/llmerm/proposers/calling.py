"""Calls to a model: retried here and nowhere else, held to the budget, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_random_exponential

from llmerm.errors import ArgumentError
from llmerm.meter import Meter
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.model import Began, Fault, Model, Reply, Request
from llmerm.typing import Budget, Usage

BACKOFF = wait_random_exponential(multiplier=0.5, max=60)
"""Full jitter, doubling from half a second; a server's own retry-after is honoured beyond it."""


LONGEST_WAIT = 600.0
"""Seconds: a server that asks for a longer wait is given up."""


class OutOfBudgetError(Exception):
    """The budget cannot bear another call."""


def refuse_unpriced(model: Model, budget: Budget) -> None:
    """Nothing, if the budget can be held with this model.

    Raises:
        ArgumentError: if it is in dollars, and no price is known.
    """
    if budget.usd is not None and not model.priced:
        raise ArgumentError(
            f"no price is known for {model.name!r}, so a budget of {budget.usd:g} dollars cannot "
            "be held. Give the model a `price`, or limit tokens or calls."
        )


@dataclass
class Caller:
    """Calls one model through a limiter and a meter.

    Attributes:
        attempts: how often a call is tried at most.
        number: the number under which the meter knows a draw.
    """

    model: Model
    limiter: Limiter
    meter: Meter
    attempts: int = 6
    number: Callable[[int], int] = lambda draw: draw

    @asynccontextmanager
    async def replies(self, request: Request, began: Began) -> AsyncIterator[Sequence[Reply]]:
        """A reply for each of the request's draws; the first one bears failed attempts' cost.

        Where a server gives fewer replies at a time than there are draws, it is called again; the
        replies are fewer than the draws only if the budget ends in between. The call keeps its
        place among those in flight for as long as the block runs.

        Raises:
            Fault: if the last attempt failed, with what all of them are known to have cost.
            OutOfBudgetError: if not even one call can be afforded.
        """
        async with self.limiter.slot():
            call = _Call(self, request, began)
            try:
                while not call.is_done:
                    async for attempt in self._retrying():
                        with attempt:
                            await call.attempt()
            except OutOfBudgetError:
                if not call.is_answered:
                    raise
            except Fault as fault:
                fault.usage = call.spent()
                raise
            finally:
                self.meter.settle(call.costs())
            yield call.paid_replies()

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.after if isinstance(fault, Fault) else None
        wait = max(asked or 0.0, BACKOFF(state))
        if isinstance(fault, Fault) and fault.kind == "overloaded":
            self.limiter.strained(wait)
        return wait


def _passes(error: BaseException) -> bool:
    if not isinstance(error, Fault) or (error.after or 0.0) > LONGEST_WAIT:
        return False
    return error.kind in ("transient", "overloaded")


class _Call:
    """One request, over its attempts."""

    def __init__(self, caller: Caller, request: Request, began: Began) -> None:
        self._caller = caller
        self._request = request
        self._began = began
        self._draws = [caller.number(draw) for draw in request.draws]
        self._wasted = Usage()
        self._replies: list[Reply] = []

    @property
    def is_answered(self) -> bool:
        """Whether some draw has its reply."""
        return bool(self._replies)

    @property
    def is_done(self) -> bool:
        """Whether every draw has its reply."""
        return len(self._replies) == len(self._draws)

    async def attempt(self) -> None:
        """Reserves the most that one more call can cost, and asks for replies that are missing."""
        model = self._caller.model
        left = self._request.draws[len(self._replies) :][: model.replies_per_call]
        most = self.spent() + model.cost(self._request.prompt, len(left))
        if not await self._caller.meter.reserve(self._shared_out(most)):
            raise OutOfBudgetError
        await self._caller.limiter.pause()
        try:
            self._replies += await model.ask(replace(self._request, draws=left), self._began)
        except Fault as fault:
            self._wasted += fault.usage
            self._caller.meter.settle(self.costs())  # or two that try again wait for each other
            raise
        except asyncio.CancelledError:
            self._wasted += Usage(calls=1)
            raise
        self._caller.meter.settle(self.costs())  # or two that want more wait for each other
        self._caller.limiter.eased()

    def spent(self) -> Usage:
        """What all attempts are known to have cost."""
        return sum((reply.usage for reply in self._replies), self._wasted)

    def paid_replies(self) -> Sequence[Reply]:
        """The replies, with the cost of failed attempts on the first."""
        first, *rest = self._replies
        return replace(first, usage=first.usage + self._wasted), *rest

    def costs(self) -> dict[int, Usage]:
        """What each draw is known to have cost."""
        if not self._replies:
            return self._shared_out(self._wasted)
        usages = [reply.usage for reply in self.paid_replies()]
        unasked = [Usage()] * (len(self._draws) - len(usages))
        return dict(zip(self._draws, usages + unasked, strict=True))

    def _shared_out(self, usage: Usage) -> dict[int, Usage]:
        first, *rest = self._draws
        return {first: usage, **dict.fromkeys(rest, Usage())}
