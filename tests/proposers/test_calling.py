"""Calls: retried in one place, the wait that the server asks for, the budget, fewer at a time."""

from __future__ import annotations

import asyncio
import time

import pytest

from llmerm.meter import Meter
from llmerm.proposers import calling
from llmerm.proposers.calling import Caller, OutOfBudgetError
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.model import Fault, Model, Prompt, Reply, Request
from llmerm.typing import Budget, Usage

PROMPT = Prompt("", "?")
BOUND = Usage(calls=1, tokens_in=10, tokens_out=10)


class Scripted(Model):
    """Answers or fails as told; the network's edge."""

    replies_per_call = 8

    def __init__(self, *script: Fault | str, seconds: float = 0.0) -> None:
        self.script = list(script)
        self.seconds = seconds
        self.at: list[float] = []
        self.in_flight = self.most = 0

    async def ask(self, request, began):
        self.at.append(time.monotonic())
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.in_flight -= 1
        said = self.script.pop(0) if self.script else "ok"
        if isinstance(said, Fault):
            raise said
        began()
        usage = [Usage(calls=1, tokens_in=4, tokens_out=2), Usage(tokens_out=2)]
        return [Reply(said, usage=usage[min(i, 1)]) for i in range(len(request.draws))]

    def cost(self, prompt, replies):
        return BOUND


def caller(model, *, budget=None, most=4, attempts=6):
    return Caller(model, Limiter(most), Meter(budget or Budget()), attempts)


def asked(model, draws=(0,), **options):
    async def run():
        one = caller(model, **options)
        async with one.replies(Request(PROMPT, draws), lambda: None) as replies:
            return one, replies

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Backs off at once, so that only the servers' own waits take time."""
    monkeypatch.setattr(calling, "BACKOFF", lambda state: 0.0)


@pytest.mark.parametrize("kind", ["transient", "overloaded"])
def test_what_may_pass_is_tried_again_and_paid_for(kind):
    """The reply bears the cost of the failed attempts."""
    model = Scripted(Fault("busy", kind), Fault("busy", kind), "here")
    one, (reply,) = asked(model)
    assert reply.text == "here"
    assert reply.usage.calls == 3
    assert one.meter.total().calls == 3


@pytest.mark.parametrize("kind", ["rejected", "fatal"])
def test_what_cannot_pass_is_not_tried_again(kind):
    """One call, and the fault as it is."""
    model = Scripted(Fault("no", kind))
    with pytest.raises(Fault, match="no"):
        asked(model)
    assert len(model.at) == 1


def test_a_call_that_keeps_failing_is_given_up():
    """After the last attempt, with what all of them cost."""
    model = Scripted(*[Fault("down", "transient") for _ in range(9)])
    with pytest.raises(Fault, match="down") as failed:
        asked(model, attempts=3)
    assert failed.value.usage.calls == 3
    assert len(model.at) == 3


def test_the_wait_that_a_server_asks_for_is_kept():
    """No attempt before it is over."""
    model = Scripted(Fault("busy", "overloaded", after=0.3), "here")
    asked(model)
    assert model.at[1] - model.at[0] >= 0.3


def test_several_replies_of_one_call_bear_its_cost_once():
    """Tokens in are counted with the first."""
    one, replies = asked(Scripted("a"), draws=(4, 5, 6))
    assert [reply.usage.tokens_in for reply in replies] == [4, 0, 0]
    assert one.meter.total().tokens == 4 + 3 * 2


def test_draws_beyond_one_call_take_further_calls():
    """One after the other; a fault tells what those before it have cost."""
    model = Scripted("a", "b")
    model.replies_per_call = 1
    _, replies = asked(model, draws=(0, 1))
    assert [reply.text for reply in replies] == ["a", "b"]
    model = Scripted("a", Fault("no", "rejected"))
    model.replies_per_call = 1
    with pytest.raises(Fault, match="no") as failed:
        asked(model, draws=(0, 1))
    assert failed.value.usage == Usage(calls=2, tokens_in=4, tokens_out=2)


def test_replies_that_were_paid_for_are_given_where_the_budget_ends():
    """Fewer than the draws, and no error."""
    model = Scripted("a", "b", "c")
    model.replies_per_call = 1
    _, replies = asked(model, draws=(0, 1, 2), budget=Budget(calls=2))
    assert [reply.text for reply in replies] == ["a", "b"]


def test_attempts_stop_at_the_budget():
    """A retry is another call, and the budget knows it."""
    model = Scripted(*[Fault("down", "transient") for _ in range(9)])
    with pytest.raises(OutOfBudgetError):
        asked(model, budget=Budget(calls=2))
    assert len(model.at) == 2


def test_no_more_calls_at_a_time_than_allowed():
    """Twenty requests, four at a time."""

    async def run():
        model = Scripted(seconds=0.01)
        one = caller(model, most=4)

        async def ask(draw):
            async with one.replies(Request(PROMPT, (draw,)), lambda: None):
                pass

        await asyncio.gather(*map(ask, range(20)))
        return model.most

    assert asyncio.run(run()) == 4


def test_a_call_is_in_flight_until_its_replies_were_read():
    """So no other starts before what was paid for is kept."""

    async def run():
        model = Scripted()
        one = caller(model, most=1)
        async with one.replies(Request(PROMPT, (0,)), lambda: None):
            other = asyncio.ensure_future(
                one.replies(Request(PROMPT, (1,)), lambda: None).__aenter__()
            )
            await asyncio.sleep(0.05)
            assert len(model.at) == 1
        await other
        return len(model.at)

    assert asyncio.run(run()) == 2


def test_an_overload_halves_the_calls_and_replies_bring_them_back():
    """Multiplicative decrease, additive increase, between 1 and the most."""
    limiter = Limiter(8)
    for allowed in (4.0, 2.0, 1.0, 1.0):
        limiter.strained(0.0)
        assert limiter.allowed == allowed
    for _ in range(100):
        limiter.eased()
    assert limiter.allowed == 8


def test_a_cancelled_call_is_counted():
    """It was made, whatever it cost."""

    async def run():
        one = caller(Scripted(seconds=60))
        replies = one.replies(Request(PROMPT, (0,)), lambda: None)
        call = asyncio.ensure_future(replies.__aenter__())
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return one.meter.total()

    assert asyncio.run(run()).calls == 1


def test_two_calls_that_got_too_few_replies_do_not_wait_for_each_other():
    """Each wants one more call, which the budget does not bear; both end with what they have."""

    class Few(Scripted):
        async def ask(self, request, began):
            return (await super().ask(request, began))[:1]

    async def run():
        one = caller(Few(seconds=0.02), budget=Budget(calls=2))

        async def ask(draws):
            async with one.replies(Request(PROMPT, draws), lambda: None) as replies:
                return len(replies)

        async with asyncio.timeout(20):
            return await asyncio.gather(ask((0, 1)), ask((2, 3)))

    assert asyncio.run(run()) == [1, 1]
