"""Runs through a batch endpoint: nothing is paid twice, whenever a run ends."""

from __future__ import annotations

import asyncio

import pytest

from llmerm.meter import Meter
from llmerm.proposers.batch import Batches, Ended, loads
from llmerm.proposers.batching import BatchRun, Noted
from llmerm.proposers.model import Fault, Prompt, Reply, Request
from llmerm.typing import Budget, Usage

PROMPT = Prompt("s", "x")


class Endpoint(Batches):
    """Keeps what was submitted; what it is not told to lose is answered by the draw's number."""

    def __init__(self, lost=(), refused=()):
        self.submitted = []
        self.asked = []
        self.lost, self.refused, self.failed = set(lost), set(refused), set()

    async def submit(self, requests):
        self.submitted.append([request.draws[0] for request in requests])
        return f"b{len(self.submitted) - 1}"

    async def collect(self, batch):
        self.asked.append(batch)
        if batch in self.failed:
            raise Ended(f"{batch} failed")
        draws = set(self.submitted[int(batch[1:])]) - self.lost
        answers = {draw: Reply(str(draw), usage=Usage(1, usd=0.5)) for draw in draws}
        return answers | {draw: Fault("no", "fatal") for draw in draws & self.refused}

    def cost(self, prompt, replies):
        return Usage(replies, usd=1.0 * replies)


def drawn(endpoint, notes, draws, *, most=None, meter=None, budget=None, paid=()):
    """The outcomes of a run that is interrupted after `most` of them; notes are kept on."""

    async def run():
        requests = [Request(PROMPT, tuple(draws))]
        found = {}
        spent = meter or Meter(budget or Budget())
        run = BatchRun(endpoint, spent, dict(notes), notes.__setitem__, paid=paid)
        stream = run.outcomes(requests)
        async for request, outcome in stream:
            (draw,) = request.draws
            found[draw] = outcome if isinstance(outcome, Fault) else outcome[0].text
            if len(found) == most:
                break
        await stream.aclose()
        return found

    return asyncio.run(run())


def test_all_draws_are_one_batch():
    """Each is a request of its own, in one submission."""
    endpoint = Endpoint()
    assert drawn(endpoint, {}, range(3)) == {0: "0", 1: "1", 2: "2"}
    assert endpoint.submitted == [[0, 1, 2]]


def test_an_interrupted_run_finds_its_batch_again():
    """After one outcome was kept, the others come from the same batch, which is paid once."""
    endpoint, notes = Endpoint(), {}
    assert drawn(endpoint, notes, range(3), most=1) == {0: "0"}
    assert drawn(endpoint, notes, [1, 2]) == {1: "1", 2: "2"}
    assert endpoint.submitted == [[0, 1, 2]]
    assert endpoint.asked == ["b0", "b0"]


def test_a_run_interrupted_while_it_waits_has_noted_its_batch():
    """The note is there before the first question."""
    endpoint, notes = Endpoint(), {}

    async def interrupted(batches, batch):
        raise KeyboardInterrupt

    async def run():
        waiting = BatchRun(endpoint, Meter(Budget()), {}, notes.__setitem__, wait=interrupted)
        async for _ in waiting.outcomes([Request(PROMPT, (0,))]):
            pass

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run())
    assert drawn(endpoint, notes, [0]) == {0: "0"}
    assert endpoint.submitted == [[0]]


def test_a_larger_run_submits_what_is_new():
    """Draws of an earlier batch come from there, the rest is a batch of its own."""
    endpoint, notes = Endpoint(), {}
    drawn(endpoint, notes, range(2), most=1)
    assert sorted(drawn(endpoint, notes, range(1, 4))) == [1, 2, 3]
    assert endpoint.submitted == [[0, 1], [2, 3]]


def test_draws_that_came_to_nothing_are_submitted_again_by_a_later_run():
    """Expired and refused ones are told, once; a batch that is done is not asked again."""
    endpoint, notes = Endpoint(lost=[0], refused=[1]), {}
    first = drawn(endpoint, notes, range(3))
    assert (first[0].kind, first[1].kind, first[2]) == ("rejected", "fatal", "2")
    endpoint.lost, endpoint.refused = set(), set()
    assert drawn(endpoint, notes, [0, 1]) == {0: "0", 1: "1"}
    assert endpoint.submitted == [[0, 1, 2], [0, 1]]


def test_a_batch_that_failed_is_sent_again_by_a_later_run():
    """It has cost nothing, and is not asked for again."""
    endpoint, notes = Endpoint(), {}
    endpoint.failed = {"b0"}
    meter = Meter(Budget())
    with pytest.raises(Ended, match="b0 failed"):
        drawn(endpoint, notes, range(2), meter=meter)
    assert meter.total().calls == 0
    assert drawn(endpoint, notes, range(2)) == {0: "0", 1: "1"}
    assert endpoint.submitted == [[0, 1], [0, 1]]
    assert endpoint.asked == ["b0", "b1"]


def test_a_smaller_run_leaves_the_rest_of_a_batch_to_a_larger_one():
    """Two of three draws are taken; the third comes from the same batch later."""
    endpoint, notes = Endpoint(), {}
    drawn(endpoint, notes, range(3), most=1)
    assert drawn(endpoint, notes, range(2)) == {0: "0", 1: "1"}
    assert drawn(endpoint, notes, [2], paid={0, 1}) == {2: "2"}
    assert endpoint.submitted == [[0, 1, 2]]
    endpoint.lost = {2}
    assert drawn(endpoint, notes, [2], paid={0, 1}) != {2: "2"}
    assert endpoint.submitted == [[0, 1, 2], [2]]


def test_more_than_a_batch_may_hold_are_several():
    """By their number, and by the bytes of their prompts; nothing is left out."""
    endpoint = Endpoint()
    endpoint.most_requests = 3
    assert len(drawn(endpoint, {}, range(7))) == 7
    assert [len(draws) for draws in endpoint.submitted] == [3, 3, 1]
    requests = [Request(Prompt("s", size * "x"), (0,)) for size in (9_000, 9_000, 90_000, 10)]
    endpoint.most_requests, endpoint.most_bytes = 50, 30_000
    assert [len(part) for part in loads(endpoint, requests)] == [2, 1, 1]


def test_a_batch_of_several_runs_gives_each_its_own():
    """By the numbers that the note tells."""
    endpoint = Endpoint()
    endpoint.submitted.append(range(10))
    notes = {"batch:b0": Noted("b0", (4, 7), first=5).json}
    assert drawn(endpoint, notes, [4, 7]) == {4: "5", 7: "6"}
    assert len(endpoint.submitted) == 1


def test_a_batch_beyond_the_budget_is_not_submitted():
    """The most that all its draws can cost must be left."""
    endpoint = Endpoint()
    assert drawn(endpoint, {}, range(3), budget=Budget(usd=2.9)) == {}
    assert endpoint.submitted == []
    assert len(drawn(endpoint, {}, range(3), budget=Budget(usd=3.0))) == 3


def test_what_was_reserved_is_settled():
    """The meter ends with what the draws did cost."""
    meter = Meter(Budget())

    async def run():
        stream = BatchRun(Endpoint(), meter, {}, lambda name, text: None)
        async for _ in stream.outcomes([Request(PROMPT, (0, 1))]):
            pass

    asyncio.run(run())
    assert (meter.total().usd, meter.total().calls) == (1.0, 2)
