"""The width that fits share: counted over threads, kept for no longer than somebody asks."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmerm.proposers.anthropic import Anthropic
from llmerm.proposers.limiter import Limiter
from llmerm.proposers.local import Local
from llmerm.proposers.openai import OpenAI
from llmerm.proposers.width import Width, shared_width

KEY = "sk-0123456789abcdef"


def test_threads_and_loops_never_have_more_in_flight_than_allowed():
    """Eight loops, each with ten tasks of which some are cancelled while they wait."""
    width, lock, inside, most = Width(3), threading.Lock(), 0, 0

    async def task(rng):
        nonlocal inside, most
        async with Limiter(2, width).slot():
            with lock:
                inside += 1
                most = max(most, inside)
            try:
                await asyncio.sleep(rng.uniform(0, 0.002))
            finally:
                with lock:
                    inside -= 1

    async def loop(seed):
        rng = random.Random(seed)
        tasks = [asyncio.ensure_future(task(rng)) for _ in range(10)]
        await asyncio.sleep(0)
        for one in tasks[::3]:
            one.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(one is None for one in ended)

    with ThreadPoolExecutor(8) as threads:
        done = sum(threads.map(lambda seed: asyncio.run(loop(seed)), range(8)))
    assert (most, inside) == (3, 0)
    assert done >= 8 * 6


def test_a_run_has_no_more_calls_than_its_own_most():
    """Though there is room beside it."""

    async def run():
        limiter = Limiter(1, Width(8))
        async with limiter.slot():
            other = asyncio.ensure_future(limiter.slot().__aenter__())
            await asyncio.sleep(0.02)
            assert not other.done()
        await other

    asyncio.run(run())


def test_a_wait_in_one_thread_is_a_wait_in_another():
    """As it was told to one of them."""
    width = Width(4)
    width.strained(0.3)
    since = time.monotonic()
    thread = threading.Thread(target=lambda: asyncio.run(width.pause()))
    thread.start()
    thread.join()
    assert time.monotonic() - since >= 0.29


def test_a_wider_caller_widens_and_a_strained_width_stays_strained():
    """Half of what may be stays half of it; a narrower caller changes nothing."""
    width = shared_width("test", 8)
    width.strained(0.0)
    assert shared_width("test", 16) is width
    assert (width.most, width.allowed) == (16, 8.0)
    assert shared_width("test", 4).most == 16


def test_a_width_is_forgotten_with_its_last_caller():
    """The next one begins afresh, and nothing is kept for ever."""
    first = Limiter(4, shared_width("forgotten", 4))
    first.strained(0.0)
    assert shared_width("forgotten", 4).allowed == 2.0
    del first
    gc.collect()
    assert shared_width("forgotten", 4).allowed == 4.0


@pytest.mark.parametrize("make", [OpenAI, Anthropic])
def test_what_is_limited_together_is_the_endpoint_the_key_and_the_model(make, monkeypatch):
    """Wherever the key comes from; it cannot be read out of the identity."""
    url = "http://127.0.0.1:9/v1"

    def one(name="m", url=url, key=KEY):
        return make(name, base_url=url, api_key=key)

    assert one().identity == one().identity
    others = (one(name="n"), one(url="http://127.0.0.1:8/v1"), one(key="sk-other"))
    assert len({one().identity, *(other.identity for other in others)}) == 4
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    assert one(key=None).identity == one().identity
    assert KEY not in repr(one().identity)


def test_models_of_other_kinds_are_limited_each_by_itself():
    """As nothing tells which of them ask the same."""
    one, other = Local(grammar=False), Local(grammar=False)
    assert one.identity == one.identity != other.identity
