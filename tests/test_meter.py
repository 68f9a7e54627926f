"""The meter: no call starts that the budget cannot bear, calls in flight included."""

from __future__ import annotations

import asyncio
import random

import pytest

from llmerm.meter import Meter
from llmerm.typing import Budget, Proposal, Usage

CALL = Usage(calls=1)


def test_calls_in_flight_count():
    """Three calls fit a budget of three; the fourth waits, and is refused once all are settled."""

    async def run():
        meter = Meter(Budget(calls=3))
        assert [await meter.reserve({draw: CALL}) for draw in range(3)] == [True] * 3
        fourth = asyncio.ensure_future(meter.reserve({3: CALL}))
        await asyncio.sleep(0.01)
        assert not fourth.done()
        for draw in range(3):
            meter.settle({draw: CALL})
        assert await fourth is False
        assert meter.spent_out == "calls=3"
        return meter

    assert asyncio.run(run()).total().calls == 3


def test_a_call_that_turns_out_cheaper_makes_room():
    """What waits goes on once another call has cost less than was set aside for it."""

    async def run():
        meter = Meter(Budget(usd=1.0))
        assert await meter.reserve({0: Usage(usd=0.8)})
        waiting = asyncio.ensure_future(meter.reserve({1: Usage(usd=0.8)}))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        meter.settle({0: Usage(usd=0.1)})
        assert await waiting is True
        assert meter.spent_out is None

    asyncio.run(run())


def test_a_proposal_takes_the_place_of_what_was_reserved():
    """Nothing is counted twice, whatever the order of settling and adding."""

    async def run():
        meter = Meter(Budget(tokens=100))
        await meter.reserve({0: Usage(tokens_in=60), 1: Usage(tokens_in=40)})
        meter.settle({0: Usage(tokens_in=30), 1: Usage()})
        meter.add(Proposal(0, usage=Usage(tokens_in=30)))
        assert meter.total().tokens_in == 30
        meter.add(Proposal(1))
        assert meter.total().tokens_in == 30

    asyncio.run(run())


def test_a_second_attempt_of_a_draw_replaces_its_reservation():
    """Set aside for the same draw again, the first sum does not count beside the second."""

    async def run():
        meter = Meter(Budget(calls=2))
        assert await meter.reserve({0: CALL})
        assert await meter.reserve({0: Usage(calls=2)})
        assert meter.total().calls == 2

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(20))
def test_the_budget_is_never_exceeded(seed):
    """Whatever calls cost below their bound, and in whatever order they end."""

    async def run():
        rng = random.Random(seed)
        meter = Meter(Budget(usd=1.0))
        real = 0.0

        async def call(draw):
            nonlocal real
            bound = rng.uniform(0.0, 0.4)
            if not await meter.reserve({draw: Usage(calls=1, usd=bound)}):
                return
            await asyncio.sleep(rng.uniform(0, 0.002))
            cost = bound * rng.random()
            real += cost
            meter.settle({draw: Usage(calls=1, usd=cost)})
            await asyncio.sleep(rng.uniform(0, 0.002))
            meter.add(Proposal(draw, usage=Usage(calls=1, usd=cost)))

        await asyncio.gather(*map(call, range(40)))
        assert 0.5 < real <= 1.0
        assert meter.total().usd == pytest.approx(real)

    asyncio.run(run())
