"""A purse: what runs in several threads spend together is never above what they may."""

from __future__ import annotations

import asyncio
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmerm.meter import Meter
from llmerm.purse import Purse
from llmerm.typing import Budget, Proposal, Usage

CALL = Usage(calls=1)


@pytest.mark.parametrize("seed", range(5))
def test_the_budget_is_never_exceeded_by_runs_side_by_side(seed):
    """Whatever calls cost below their bound; and what is left over is less than one call."""
    purse, real, lock = Purse(Budget(usd=1.0), Usage(usd=0.25)), [0.25], threading.Lock()

    async def call(meter, draw, rng):
        if not await meter.reserve({draw: Usage(calls=1, usd=0.1)}):
            return
        await asyncio.sleep(rng.uniform(0, 0.002))
        cost = Usage(calls=1, usd=0.1 * rng.random())
        with lock:
            real.append(cost.usd)
            assert sum(real) <= 1.0
        meter.settle({draw: cost})
        await asyncio.sleep(rng.uniform(0, 0.002))
        meter.add(Proposal(draw, usage=cost))

    async def run(number):
        rng = random.Random((seed, number).__repr__())
        with Meter(Budget(), purse=purse) as meter:
            await asyncio.gather(*(call(meter, draw, rng) for draw in range(30)))
        return meter

    with ThreadPoolExecutor(6) as threads:
        meters = list(threads.map(lambda number: asyncio.run(run(number)), range(6)))
    assert 0.9 < sum(real) <= 1.0
    assert purse.added().usd == pytest.approx(sum(real))
    assert sum(meter.total().usd for meter in meters) == pytest.approx(sum(real) - 0.25)
    assert {meter.spent_out for meter in meters} == {"usd=1"}


def test_a_run_waits_for_calls_of_another_thread():
    """They may turn out cheaper; here they do."""
    purse = Purse(Budget(tokens=100))
    reserved, go = threading.Event(), threading.Event()

    async def first():
        with Meter(Budget(), purse=purse) as meter:
            assert await meter.reserve({0: Usage(tokens_in=80)})
            reserved.set()
            await asyncio.to_thread(go.wait, 30)
            meter.settle({0: Usage(tokens_in=10)})

    async def second():
        await asyncio.to_thread(reserved.wait, 30)
        meter = Meter(Budget(), purse=purse)
        waiting = asyncio.ensure_future(meter.reserve({0: Usage(tokens_in=80)}))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        go.set()
        return await asyncio.wait_for(waiting, 30)

    with ThreadPoolExecutor(2) as threads:
        threads.submit(asyncio.run, first())
        assert threads.submit(asyncio.run, second()).result() is True


def test_a_run_that_ended_stays_spent():
    """And one that began with a usage of its own brings in only what it adds."""
    purse = Purse(Budget(calls=3))
    with Meter(Budget(), Usage(calls=7), purse=purse) as meter:
        meter.add(Proposal(0, usage=Usage(calls=2)))
        meter.settle({1: CALL})
    assert purse.added().calls == 3
    later = Meter(Budget(), purse=purse)
    assert later.claim({0: CALL}) == "calls=3"
    assert later.reached()


def test_what_is_under_way_counts_whatever_is_left():
    """It was paid for before: it is no question any more."""
    purse = Purse(Budget(calls=2))
    meter = Meter(Budget(), purse=purse)
    meter.hold({0: Usage(calls=5)})
    assert Meter(Budget(), purse=purse).claim({0: CALL}) == "calls=2"
    assert meter.total().calls == 5


def test_seconds_are_each_runs_own():
    """A purse says nothing about them."""
    assert Meter(Budget(), purse=Purse(Budget(seconds=0.0))).claim({0: CALL}) is None


def test_what_a_ledger_keeps_counts_before_a_run_takes_it_up_and_once_then():
    """Three of five calls are kept: two more may be made, whoever asks first."""
    purse = Purse(Budget(calls=5), kept={"run": Usage(calls=3)})
    other = Meter(Budget(), purse=purse)
    assert other.claim({number: CALL for number in range(3)}) == "calls=5"
    assert other.claim({0: CALL}) is None
    meter = Meter(Budget(), purse=purse)
    meter.take_up("run", dict.fromkeys(range(3), CALL))
    assert meter.claim({3: CALL}) is None
    assert meter.claim({4: CALL}) == "calls=5"


def test_a_meter_that_two_threads_settle_ends_with_what_the_last_one_says():
    """One is held up on its way to the purse: what it then says must not be older."""
    purse = Purse(Budget(calls=2))
    meter = Meter(Budget(), purse=purse)
    meter.hold({0: CALL, 1: CALL})
    put, begun, second = purse.put, threading.Event(), threading.Event()

    def held_up(run, share):
        if not begun.is_set():
            begun.set()
            second.wait(0.5)
        put(run, share)

    purse.put = held_up
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(meter.settle, {0: Usage()})
        assert begun.wait(30)
        threads.submit(meter.settle, {1: Usage()}).add_done_callback(lambda _: second.set())
        first.result()
    assert not purse.is_open_beside(-1)
    assert purse.exceeded(-1, CALL + CALL) is None
