"""Baselines that pay for their answers: counted, kept, held to the budget of the whole sweep."""

from __future__ import annotations

import ast
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest

from llmerm.baselines.in_context import InContext
from llmerm.experiments.estimate import estimate
from llmerm.experiments.methods import Method
from llmerm.experiments.sweep import sweep
from llmerm.experiments.training import ASKED
from llmerm.proposers.model import Model, Reply
from llmerm.typing import Budget, Usage


class Oracle(Model):
    """Knows parity, at a cent a call; the network's edge."""

    name = "oracle"
    concurrency = 4
    asked = 0

    @property
    def parameters(self):
        return {}

    async def ask(self, request, began):
        self.asked += 1
        began()
        x = ast.literal_eval(request.prompt.last.removesuffix(" ->"))
        return [Reply(str(x.count("1") % 2), usage=Usage(1, 50, tokens_out=2, usd=0.01))]

    def cost(self, prompt, replies):
        return Usage(1, 50, tokens_out=2, usd=0.01)


@pytest.fixture
def oracle():
    """A model, and the method that asks it for labels."""
    model = Oracle()
    return model, Method.of(InContext(model=model))


def test_a_model_is_asked_for_few_test_labels_alone(cell, oracle, tmp_path):
    """Not for those that it is shown; each call is paid once."""
    model, method = oracle
    (one,) = sweep([cell(method=method)], ledger=tmp_path / "l.sqlite").results
    assert model.asked == ASKED < 400
    assert one.outcome.test_accuracy == 1.0
    assert one.outcome.train_accuracy is None
    assert one.outcome.fresh.samples == ASKED
    assert one.outcome.usage.usd == pytest.approx(0.01 * ASKED)


def test_a_budget_ends_it_and_a_larger_one_goes_on(cell, oracle, tmp_path):
    """What was paid for is not paid for again."""
    model, method = oracle
    cells = [cell(method=method, seed=seed, n_test=100) for seed in (0, 1)]
    found = sweep(cells, ledger=tmp_path / "l.sqlite", budget=Budget(calls=150))
    first, second = (one.outcome for one in found.results)
    assert first.finished
    assert (second.status, second.unfinished) == ("failed", True)
    assert first.usage.calls + second.usage.calls == 150
    assert found.stopped
    more = sweep(cells, ledger=tmp_path / "l.sqlite", budget=Budget(calls=500))
    assert [one.outcome.test_accuracy for one in more.results] == [1.0, 1.0]
    assert sum(one.outcome.usage.usd for one in more.results) == pytest.approx(2.0)
    assert model.asked == 200


def test_an_estimate_counts_its_calls_and_says_that_their_price_is_not_known(cell, oracle):
    """Nothing is asked for that."""
    model, method = oracle
    told = estimate([cell(method=method), cell(method=method, n_test=50)], ())
    assert (told.most.calls, told.priced, model.asked) == (ASKED + 50, False, 0)


class Noting(Executor):
    """Runs each call at once, and keeps the labels of the methods."""

    def __init__(self):
        self.labels = []

    def submit(self, fn, /, *args, **kwargs):
        self.labels += [cell.method.label for cell in args]
        future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_cells_that_ask_a_model_stay_in_this_process(cell, oracle, tmp_path):
    """Others go to the executor; so one process writes the ledger and knows the bill."""
    model, method = oracle
    noting = Noting()
    cells = [cell(method=method), cell(), cell(seed=1)]
    found = sweep(cells, ledger=tmp_path / "l.sqlite", executor=noting)
    assert [one.outcome.status for one in found.results] == 3 * ["trained"]
    assert noting.labels == ["majority", "majority"]
    assert model.asked == ASKED


def test_a_budget_holds_on_an_executor_and_stops_only_what_pays(cell, oracle, tmp_path):
    """Cells that ask a model side by side spend from one purse."""
    model, method = oracle
    paying = [cell(method=method, seed=seed, n_test=100) for seed in range(3)]
    with ThreadPoolExecutor(2) as executor:
        found = sweep(
            [cell(seed=1), *paying],
            ledger=tmp_path / "l.sqlite",
            executor=executor,
            budget=Budget(calls=150),
        )
    assert model.asked == 150
    assert found.stopped
    assert found.results[0].outcome.finished
