"""Sweeps in batch mode: the draws of many cells in one batch, paid for once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from llmerm.experiments.joint import Desk
from llmerm.experiments.sweep import sweep
from llmerm.ledger import Ledger
from llmerm.proposers import ModelProposer
from llmerm.proposers import batch as batches
from llmerm.proposers.model import Fault
from llmerm.proposers.openai_batch import OpenAIBatches
from llmerm.purse import Purse
from llmerm.typing import Budget, Usage

from .conftest import model_at
from .stub import Step, as_json, by_seed
from .stub.rules import Refusal
from .sweeping import cells

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SWEEPING = Path(__file__).with_name("sweeping.py")
NEVER = 1_000_000_000


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch):
    """Asks for a batch again at once."""
    kept = {**batches.wait_for.__kwdefaults__, "first": 0.02, "longest": 0.05}
    monkeypatch.setattr(batches.wait_for, "__kwdefaults__", kept)


def submitted(server):
    """How many requests each batch had that the server was handed."""
    return [len(batch.asked) for batch in server.batches._batches.values()]


def batched(server, api="chat", **options):
    """A proposer in batch mode."""
    return ModelProposer(model_at(server, api, **options), mode="batch")


def shown(found):
    """What each cell drew, and what came of it."""
    return [(one.cell.seed, one.outcome.status, one.outcome.candidates) for one in found.results]


def test_a_sweep_is_one_batch_and_each_cell_has_its_own_draws(stub, tmp_path):
    """Those that it has where it asks live, by the seeds of its draws."""
    server = stub(by_seed=by_seed)
    live = ModelProposer(model_at(server, "chat"))
    apart = sweep(cells(live), ledger=tmp_path / "live.sqlite")
    calls = server.log.calls
    together = sweep(cells(batched(server)), ledger=tmp_path / "l.sqlite")
    assert submitted(server) == [12]
    assert server.log.calls == calls + 1
    assert shown(together) == shown(apart)
    assert len({candidates for _, _, candidates in shown(together)}) > 1
    assert [one.outcome.usage.calls for one in together.results] == [2] * 6


@pytest.mark.parametrize("api", ["responses", "messages"])
def test_each_provider_takes_such_a_batch(stub, tmp_path, api):
    """One submission, and a second sweep makes none."""
    server = stub(default=Step(as_json("def f(x):\n    return 0")))
    for _ in range(2):
        found = sweep(cells(batched(server, api), 3), ledger=tmp_path / "l.sqlite")
        assert [one.outcome.finished for one in found.results] == [True] * 3
    assert submitted(server) == [6]


def test_a_sweep_that_is_killed_while_it_waits_submits_nothing_again(stub, tmp_path):
    """With SIGKILL, once the batch is known on disk; then it is found by each cell."""
    server = stub(by_seed=by_seed, polls=NEVER)
    command = [sys.executable, "-m", "models.sweeping", server.url, str(tmp_path / "l.sqlite")]
    with subprocess.Popen(command, cwd=SWEEPING.parents[1]) as process:
        while not (known := server.batches._batches) or known["batch-0"].polls == NEVER:
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    known["batch-0"].polls = 1
    found = sweep(cells(batched(server)), ledger=tmp_path / "l.sqlite")
    assert submitted(server) == [12]
    assert [one.outcome.finished for one in found.results] == [True] * 6
    assert [len(one.outcome.candidates) for one in found.results] == [2] * 6


def test_an_interrupt_does_not_wait_for_the_batch(stub, tmp_path):
    """Ctrl-C ends the sweep at once; the next one finds the batch."""
    server = stub(by_seed=by_seed, polls=NEVER)
    ledger = tmp_path / "l.sqlite"

    def interrupt():
        while not (known := server.batches._batches) or known["batch-0"].polls == NEVER:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        sweep(cells(batched(server)), ledger=ledger)
    thread.join()
    server.batches._batches["batch-0"].polls = 1
    assert len(sweep(cells(batched(server)), ledger=ledger).results) == 6
    assert submitted(server) == [12]


def test_what_one_batch_cannot_hold_goes_into_several(stub, tmp_path, monkeypatch):
    """Whatever cell it belongs to; a cell may have draws in two."""
    monkeypatch.setattr(OpenAIBatches, "most_requests", 5)
    server = stub(by_seed=by_seed)
    live = ModelProposer(model_at(server, "chat"))
    apart = sweep(cells(live, 3), ledger=tmp_path / "live.sqlite")
    together = sweep(cells(batched(server), 3), ledger=tmp_path / "l.sqlite")
    assert submitted(server) == [5, 1]
    assert shown(together) == shown(apart)


def test_cells_with_draws_in_common_pay_for_them_once(stub, tmp_path):
    """The same samples, model and seed: two draws, and four of which two are the same."""
    server = stub(by_seed=by_seed)
    both = [*cells(batched(server), 1, k=2), *cells(batched(server), 1, k=4)]
    found = sweep(both, ledger=tmp_path / "l.sqlite")
    assert [len(one.outcome.candidates) for one in found.results] == [2, 4]
    assert submitted(server) == [4]


def test_a_limit_holds_over_batches_too(stub, tmp_path):
    """Cells are taken in while the most that they cost is left; others are cut short."""
    server = stub(by_seed=by_seed)
    four = cells(batched(server), 4)
    found = sweep(four, ledger=tmp_path / "l.sqlite", budget=Budget(calls=5))
    assert submitted(server) == [4]
    assert sum(one.outcome.finished for one in found.results) == 2
    assert found.stopped
    more = sweep(four, ledger=tmp_path / "l.sqlite", budget=Budget(calls=8))
    assert [one.outcome.finished for one in more.results] == [True] * 4
    assert submitted(server) == [4, 4]


def test_a_batch_that_is_not_taken_is_the_reason_of_each_cell(stub, tmp_path):
    """It is tried once, not once a cell."""
    server = stub()
    ledger = tmp_path / "l.sqlite"
    found = sweep(cells(batched(server, api_key="sk-wrong-key-0")), ledger=ledger)
    assert {one.outcome.status for one in found.results} == {"failed"}
    assert all("Incorrect API key" in one.outcome.failure for one in found.results)
    assert server.log.calls == 1
    again = sweep(cells(batched(server), 2), ledger=ledger)
    assert [one.outcome.finished for one in again.results] == [True] * 2


def test_what_an_earlier_sweep_has_sent_counts_before_it_is_there(stub, tmp_path):
    """The most that it can cost is set aside, until the cell has it."""
    server = stub(by_seed=by_seed)
    two = cells(batched(server), 2)
    with Ledger(tmp_path / "l.sqlite") as book:
        for _ in range(2):
            purse = Purse(Budget(calls=4))
            desk = Desk(book, Budget(), purse)
            assert desk.send(two) == two
            assert purse.exceeded(-1, Usage(calls=1)) == "calls=4"
    assert submitted(server) == [4]


def test_what_cells_have_in_common_is_set_aside_until_the_last_is_done(stub, tmp_path):
    """One that wants fewer draws is done first: the others are still to be paid for."""
    server = stub(by_seed=by_seed)
    both = [*cells(batched(server), 1, k=1), *cells(batched(server), 1, k=4)]
    with Ledger(tmp_path / "l.sqlite") as book:
        purse = Purse(Budget(calls=4))
        desk = Desk(book, Budget(), purse)
        assert desk.send(both) == both
        desk.release(both[0])
        assert purse.exceeded(-1, Usage(calls=1)) == "calls=4"
        desk.release(both[1])
        assert purse.exceeded(-1, Usage(calls=4)) is None


def test_a_batch_stays_spent_where_a_second_one_is_not_taken(stub, tmp_path, monkeypatch):
    """A cell with draws in both fails, and nobody waits for what it has sent; it costs."""
    monkeypatch.setattr(OpenAIBatches, "most_requests", 3)
    submit = OpenAIBatches.submit

    async def once(self, requests):
        monkeypatch.setattr(OpenAIBatches, "submit", refuse)
        return await submit(self, requests)

    async def refuse(self, requests):
        raise Fault("no more batches today", "fatal", usage=Usage())

    monkeypatch.setattr(OpenAIBatches, "submit", once)
    server = stub(by_seed=by_seed)
    two = cells(batched(server), 2)
    with Ledger(tmp_path / "l.sqlite") as book:
        purse = Purse(Budget(calls=4))
        desk = Desk(book, Budget(), purse)
        assert desk.send(two) == two[:1]
        assert "no more batches today" in desk.failed[two[1].key]
        assert purse.exceeded(-1, Usage(calls=1)) is None
        assert purse.exceeded(-1, Usage(calls=2)) == "calls=4"
        desk.release(two[0])
        assert not purse.is_open_beside(-1)
        assert purse.exceeded(-1, Usage(calls=4)) == "calls=4"


def test_a_batch_that_failed_costs_nothing_and_is_sent_again(stub, tmp_path, monkeypatch):
    """By the next sweep; in this one, cells that need no batch still have the money."""
    server = stub(by_seed=by_seed)
    told, live = server.batches._told, ModelProposer(model_at(server, "chat"))
    monkeypatch.setattr(server.batches, "_told", lambda name: {**told(name), "status": "failed"})
    limit, two = Budget(calls=4), cells(batched(server), 2)
    found = sweep(two + cells(live, 2, seed=500), ledger=tmp_path / "l.sqlite", budget=limit)
    assert [one.outcome.status for one in found.results][:2] == ["failed"] * 2
    assert "the batch batch-0 failed" in found.results[0].outcome.failure
    assert all(one.outcome.finished for one in found.results[2:])
    monkeypatch.setattr(server.batches, "_told", told)
    again = sweep(two, ledger=tmp_path / "l.sqlite")
    assert submitted(server) == [4, 4]
    assert all(one.outcome.finished for one in again.results)


def test_cells_with_the_draws_of_a_batch_that_failed_send_none_of_their_own(
    stub, tmp_path, monkeypatch
):
    """However many they are, and however late they ask; the next sweep sends one for all."""
    server = stub(by_seed=by_seed)
    told = server.batches._told

    def failed(name):
        return {**told(name), **({"status": "failed"} if name == "batch-0" else {})}

    monkeypatch.setattr(server.batches, "_told", failed)
    shared = [cell for k in range(1, 13) for cell in cells(batched(server), 1, k=k)]
    found = sweep(shared, ledger=tmp_path / "l.sqlite")
    assert {one.outcome.status for one in found.results} == {"failed"}
    assert submitted(server) == [12]
    again = sweep(shared, ledger=tmp_path / "l.sqlite")
    assert submitted(server) == [12, 12]
    assert all(one.outcome.finished for one in again.results)


def test_a_batch_that_the_server_loses_stays_spent(stub, tmp_path, monkeypatch):
    """What came of it nobody knows: cells that it leaves nothing for are cut short."""
    server = stub(by_seed=by_seed)

    def lost(path, _):
        raise Refusal(404, f"No such batch: {path}")

    monkeypatch.setattr(server.batches, "get", lost)
    limit = Budget(calls=5)
    found = sweep(cells(batched(server), 4), ledger=tmp_path / "l.sqlite", budget=limit)
    assert submitted(server) == [4]
    assert not any(one.outcome.finished for one in found.results)
    assert found.stopped
