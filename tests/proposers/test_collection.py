"""A batch that several wait for is asked for by one of them, and none is left behind."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from llmerm.bell import Bell
from llmerm.proposers.batch import Batches
from llmerm.proposers.collection import Collection
from llmerm.proposers.model import Fault, Reply
from llmerm.typing import Usage


class Endpoint(Batches):
    """Answers once somebody else has begun to listen; the first answers may be faults."""

    def __init__(self, heard, *, faults=0):
        self.heard, self.faults, self.asked = heard, faults, 0

    async def submit(self, requests):
        raise NotImplementedError

    async def collect(self, batch):
        self.asked += 1
        if self.asked == 1:
            await asyncio.to_thread(self.heard.wait, 30)
        if self.asked <= self.faults:
            raise Fault("no such batch", "fatal")
        return {0: Reply("x")}

    def cost(self, prompt, replies):
        return Usage()


class SlowBell(Bell):
    """One on which it takes a while to begin to listen."""

    def __init__(self):
        super().__init__()
        self.heard, self.rung = threading.Event(), threading.Event()

    def listen(self):
        self.heard.set()
        self.rung.wait(0.2)  # in vain, where nothing changes while somebody looks
        return super().listen()

    def ring(self):
        super().ring()
        self.rung.set()


@pytest.mark.parametrize("faults", [0, 1])
def test_one_that_begins_to_listen_as_the_answer_comes_hears_of_it(faults):
    """It has seen that another asks, and that one is done before it listens."""
    shared, bell = Collection(), SlowBell()
    shared._bell = bell
    endpoint = Endpoint(bell.heard, faults=faults)

    def waiting():
        return asyncio.run(asyncio.wait_for(shared.wait(endpoint, "b"), 10))

    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(waiting) for _ in range(2)]
        errors = [one.exception() for one in found]
    assert sorted(isinstance(error, Fault) for error in errors) == [False, bool(faults)]
    assert [one for one in errors if one is not None and not isinstance(one, Fault)] == []
    assert endpoint.asked == 1 + faults
