"""Fits side by side, each in a thread with an event loop of its own: one limit for what is one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

import llmerm
from llmerm.proposers import ModelProposer

from .client import NO_SEED_IS_RIGHT
from .conftest import model_at
from .stub import Step, as_json, by_seed

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.filterwarnings("default::llmerm.errors.LlmermWarning"),
]

WRONG = as_json("def f(x):\n    return 0")


def side_by_side(samples, proposers, *, k):
    """The result of a fit with each proposer, all at the same time."""
    fit = partial(llmerm.fit, samples, k, seed=NO_SEED_IS_RIGHT)
    with ThreadPoolExecutor(len(proposers)) as threads:
        return list(threads.map(lambda proposer: fit(proposer=proposer), proposers))


@pytest.mark.parametrize("one_object", [True, False])
def test_fits_side_by_side_have_one_limit_together(stub, odd, one_object):
    """Four fits of four calls at a time make four, whether they share a model object or not.

    The server, which counts a call until after its reply, would refuse more than eight.
    """
    server = stub(by_seed=by_seed, latency=0.05, at_a_time=8)
    models = [model_at(server, "chat", concurrency=4) for _ in range(4)]
    proposers = [ModelProposer(models[0 if one_object else i]) for i in range(4)]
    results = side_by_side(odd, proposers, k=8)
    assert server.log.refused == 0
    assert 4 <= server.log.most_in_flight <= 8
    assert server.log.calls == sum(result.usage.calls for result in results) == 32


def test_more_than_a_server_takes_is_found_out_together(stub, odd):
    """Refused calls are made again, until all draws are there."""
    server = stub(by_seed=by_seed, latency=0.02, at_a_time=3)
    models = [model_at(server, "chat", concurrency=6) for _ in range(3)]
    results = side_by_side(odd, [ModelProposer(one, attempts=20) for one in models], k=8)
    assert [len(result.candidates) for result in results] == [8, 8, 8]
    assert server.log.served == 24
    assert server.log.refused > 0
    assert server.log.calls == sum(result.usage.calls for result in results)


def test_a_wait_that_the_server_asks_of_one_holds_for_all(stub, odd):
    """No fit calls while one was told to wait, and all go on then."""
    server = stub(Step(fault="429", after=1.5), default=Step(WRONG), latency=0.1)
    models = [model_at(server, "chat", concurrency=2) for _ in range(2)]
    side_by_side(odd, [ModelProposer(one) for one in models], k=20)
    refused, *others = sorted(server.log.arrived)
    assert len(others) == 40
    assert not [at for at in others if refused + 0.7 < at < refused + 1.5]
    assert sum(at >= refused + 1.5 for at in others) > 10


def test_fits_in_one_event_loop_may_share_a_model(stub, odd):
    """The one that ends first does not close the connections of the other's calls."""
    server = stub(by_seed=by_seed, latency=0.2)
    proposer = ModelProposer(model_at(server, "chat", concurrency=8))

    async def both():
        return await asyncio.gather(
            *(
                llmerm.fit_async(odd, k, proposer=proposer, seed=NO_SEED_IS_RIGHT + k)
                for k in (1, 2, 16)
            )
        )

    results = asyncio.run(both())
    assert [len(result.candidates) for result in results] == [1, 2, 16]
    assert server.log.calls == server.log.served == 19
