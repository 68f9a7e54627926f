"""Sweeps whose cells ask a model side by side, through the real SDKs: one purse for all."""

from __future__ import annotations

import pytest

from llmerm.experiments.cell import Cell
from llmerm.experiments.methods import Method
from llmerm.experiments.sweep import sweep
from llmerm.proposers import ModelProposer, Price
from llmerm.typing import Budget

from .conftest import model_at
from .stub import Step, as_json

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WRONG = as_json("def f(x):\n    return 0")


def cells(proposer, count, *, k=2):
    """Cells of one method, whose programs are all wrong, so that each makes all its draws."""
    return [
        Cell(bench="test", title="parity", task="parity", task_parameters={"n": 20},
             method=Method.of(proposer), m=40, seed=seed, k=k, n_test=100)
        for seed in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("api", "budget"),
    [
        ("chat", Budget(calls=6)),
        ("messages", Budget(usd=0.0065)),
        ("responses", Budget(tokens=5_000)),
    ],
)
def test_a_limit_holds_over_cells_in_flight_together(stub, tmp_path, api, budget):
    """What is counted is what the server saw; a larger limit finishes, and pays nothing twice."""
    server = stub(default=Step(WRONG), latency=0.5 if budget.calls else 0.0)
    model = model_at(server, api, price=Price(1.0, 10.0), max_output_tokens=100)
    five = cells(ModelProposer(model), 5)
    ledger = tmp_path / "l.sqlite"
    found = sweep(five, ledger=ledger, at_once=4, budget=budget)
    spent = [one.outcome.usage for one in found.results]
    assert found.stopped.startswith("the budget")
    assert sum(usage.calls for usage in spent) == server.log.calls < 10
    assert budget.exceeded(sum(spent[1:], spent[0])) is None
    if budget.calls is not None:
        assert server.log.calls == 6
        assert server.log.most_in_flight > 2  # a cell has two calls at most
    assert sum(one.outcome.finished for one in found.results) < 5
    more = sweep(five, ledger=ledger, at_once=4, budget=Budget(calls=16, usd=10.0))
    assert [one.outcome.finished for one in more.results] == [True] * 5
    assert server.log.calls == 10


def test_a_limit_holds_over_cells_that_an_earlier_sweep_has_begun(stub, tmp_path):
    """One cell after the other now: the first knows what the others' draws have cost."""
    server = stub(default=Step(WRONG), latency=0.1)
    four = cells(ModelProposer(model_at(server, "chat")), 4, k=4)
    ledger = tmp_path / "l.sqlite"
    sweep(four, ledger=ledger, at_once=4, budget=Budget(calls=9))
    assert server.log.calls == 9
    found = sweep(four, ledger=ledger, budget=Budget(calls=11))
    assert found.stopped
    assert server.log.calls == 11
    sweep(four, ledger=ledger, budget=Budget(calls=16))
    assert server.log.calls == 16
