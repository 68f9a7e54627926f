"""Sweeps: kept as they go, resumed, within a budget, and whole after a worker's death."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from llmerm.certificates import clopper_pearson
from llmerm.errors import ArgumentError, LedgerError, SweepError
from llmerm.experiments.estimate import estimate, seconds_left
from llmerm.experiments.methods import Method
from llmerm.experiments.outcome import Finished, Outcome
from llmerm.experiments.sweep import kept, sweep
from llmerm.experiments.workers import processes
from llmerm.ledger import Ledger
from llmerm.proposers.scripted import ScriptedProposer
from llmerm.typing import Budget, Usage


class Counting(Executor):
    """Runs each call at once and keeps the cells; breaks at the one with number `breaks_at`."""

    def __init__(self, breaks_at=None):
        self.cells = []
        self.breaks_at = breaks_at

    def submit(self, fn, /, *args, **kwargs):
        if len(self.cells) == self.breaks_at:
            raise BrokenExecutor("a child process terminated abruptly")
        self.cells += args
        future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def ledger(tmp_path):
    """Where cells are kept."""
    return tmp_path / "cells.sqlite"


def untimed(results):
    """What does not depend on the clock."""
    return [(cell.key, outcome.status, outcome.tests, outcome.source) for cell, outcome in results]


def test_results_are_in_the_order_of_the_cells_and_kept(cell, ledger):
    """Though the first cell of each method is measured first."""
    cells = [cell(seed=seed, method=name) for name in ("majority", "enumerate") for seed in (0, 1)]
    counting = Counting()
    found = sweep(cells, ledger=ledger, executor=counting)
    assert [one.cell for one in found.results] == cells
    assert counting.cells == [cells[0], cells[2], cells[1], cells[3]]
    assert untimed(kept(cells, ledger)) == untimed(found.results)


def test_a_sweep_measures_nothing_twice(cell, ledger):
    """What it has, and then only what is new."""
    cells = [cell(seed=seed) for seed in range(4)]
    first = sweep(cells[:2], ledger=ledger)
    counting = Counting()
    again = sweep(cells, ledger=ledger, executor=counting)
    assert counting.cells == cells[2:]
    assert again.results[:2] == first.results


def test_what_failed_is_measured_again(cell, ledger):
    """It is shown, and not kept."""
    cells = [cell(), cell(task_parameters={"n": 3}, m=500)]
    assert [one.outcome.status for one in sweep(cells, ledger=ledger).results] == [
        "trained", "failed",
    ]  # fmt: skip
    counting = Counting()
    sweep(cells, ledger=ledger, executor=counting)
    assert counting.cells == cells[1:]


def test_other_processes_find_the_same(cell, tmp_path):
    """As this one, cell by cell."""
    cells = [cell(seed=seed, method=name) for name in ("majority", "enumerate") for seed in (0, 1)]
    here = sweep(cells, ledger=tmp_path / "here.sqlite")
    with processes(2) as executor:
        there = sweep(cells, ledger=tmp_path / "there.sqlite", executor=executor, at_once=2)
    assert untimed(there.results) == untimed(here.results)


@pytest.mark.filterwarnings("default::llmerm.errors.LlmermWarning")
def test_threads_find_the_same(cell, tmp_path):
    """An executor need not be made of processes."""
    cells = [cell(seed=seed, method="enumerate") for seed in (0, 1, 2)]
    here = sweep(cells, ledger=tmp_path / "here.sqlite")
    with ThreadPoolExecutor(2) as executor:
        there = sweep(cells, ledger=tmp_path / "there.sqlite", executor=executor)
    assert untimed(there.results) == untimed(here.results)


def test_an_executor_that_dies_leaves_what_was_finished(cell, ledger):
    """The error says how much that is, and the next sweep goes on from there."""
    cells = [cell(seed=seed) for seed in range(5)]
    with pytest.raises(SweepError, match=r"3 of 5 cells are kept .* Run again to resume"):
        sweep(cells, ledger=ledger, executor=Counting(breaks_at=3), at_once=1)
    assert [one.cell for one in kept(cells, ledger)] == cells[:3]
    assert len(sweep(cells, ledger=ledger).results) == 5


def test_what_is_no_executor_budget_or_number_at_a_time_is_named(cell, ledger):
    """A sweep of no cell at a time would end at once, with nothing."""
    with pytest.raises(ArgumentError, match="`executor` is 2, expected"):
        sweep([cell()], ledger=ledger, executor=2)
    with pytest.raises(ArgumentError, match="`budget` must be a Budget, got 2"):
        sweep([cell()], ledger=ledger, budget=2)
    for wrong in (0, -1):
        with pytest.raises(ArgumentError, match=f"`at_once` must be at least 1, got {wrong}"):
            sweep([cell()], ledger=ledger, at_once=wrong)


def test_a_worker_that_is_killed_leaves_what_was_finished(cell, ledger):
    """With a real process that dies in the middle."""
    cells = [cell(seed=seed) for seed in range(30)]
    others = {process.pid for process in multiprocessing.active_children()}

    def kill(at):
        if at.done == 2:
            for process in multiprocessing.active_children():
                if process.pid not in others:
                    process.kill()

    with processes(2) as executor, pytest.raises(SweepError, match="the executor broke at parity"):
        sweep(cells, ledger=ledger, executor=executor, at_once=2, progress=kill)
    finished = len(kept(cells, ledger))
    assert 2 <= finished < 30
    assert len(sweep(cells, ledger=ledger).results) == 30


class WorkerLost(Exception):
    """As engines raise, where a worker died too often."""


WorkerLost.__module__ = "distributed.scheduler"


class Losing(Executor):
    """Loses the first `times` calls with a worker."""

    def __init__(self, times):
        self.times = times

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        if args and self.times:
            self.times -= 1
            future.set_exception(WorkerLost("killed"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_cell_that_is_lost_with_a_worker_is_measured_again(cell, ledger):
    """On engines that go on; lost again and again, it is an error of the executor."""
    cells = [cell(seed=seed) for seed in range(3)]
    found = sweep(cells, ledger=ledger, executor=Losing(3))
    assert [one.cell for one in found.results] == cells
    with pytest.raises(SweepError, match=r"the executor broke at .*: killed"):
        sweep([cell(seed=9)], ledger=ledger, executor=Losing(10))


def test_what_cannot_be_sent_to_a_worker_is_told(cell, ledger):
    """A proposer of a notebook's own, say."""
    local = ScriptedProposer(["def f(x): return 1"])
    local.secret = lambda: None
    with (
        processes(2) as executor,
        pytest.raises((SweepError, AttributeError, TypeError), match=r"(?i)pickle|lambda"),
    ):
        sweep([cell(method=Method.of(local))], ledger=ledger, executor=executor, at_once=1)


def test_an_interrupt_leaves_what_was_finished(cell, ledger):
    """Ctrl-C in the middle."""
    cells = [cell(seed=seed) for seed in range(4)]

    def interrupt(at):
        if at.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(cells, ledger=ledger, progress=interrupt)
    assert len(kept(cells, ledger)) == 2


class Asked(ScriptedProposer):
    """Has a prompt, as a model has, so that its draws are kept."""

    def prompt(self, train):
        return "what is the rule?"


def test_a_cell_says_the_same_in_whatever_order_cells_end(cell, tmp_path):
    """Its bound speaks of that cell alone; two on the same samples are no series."""
    sources = ["def f(x): return x.count('1') % 2", "def f(x): return 1 - x.count('0') % 2"]
    cells = [cell(method=Method.of(Asked([source])), k=k) for source in sources for k in (1, 4)]
    bounds = []
    for name, order in (("there", 1), ("back", -1)):
        found = sweep(cells[::order], ledger=tmp_path / name).results[::order]
        bounds.append([one.outcome.bound for one in found])
        with Ledger(tmp_path / name) as book:
            runs = book.runs()
            assert [len(book.draws(run)) for run in runs] == [1, 1]
            assert [book.uses(run) for run in runs] == [[], []]
    assert bounds[0] == bounds[1]
    assert bounds[0][:2] == [clopper_pearson(0, 30, count=k) for k in (1, 4)]


def test_a_budget_holds_over_the_whole_sweep(cell, ledger):
    """Two cells of two draws are paid, the third is cut, the fourth not begun; then it resumes."""
    paid = ScriptedProposer(["def f(x): return 0"] * 2, usage=Usage(1, usd=1.0))
    cells = [cell(seed=seed, method=Method.of(paid), k=2) for seed in range(4)]
    found = sweep(cells, ledger=ledger, budget=Budget(usd=5.0))
    assert sum(one.outcome.usage.usd for one in found.results) == 5.0
    assert "budget" in found.stopped
    assert len(found.results) == 3
    assert [one.outcome.unfinished for one in found.results] == [False, False, True]
    more = sweep(cells, ledger=ledger, budget=Budget(usd=8.0))
    assert more.stopped == ""
    assert sum(one.outcome.usage.usd for one in more.results) == 8.0


def test_no_cell_begins_after_the_time(cell, ledger):
    """With no time at all none does."""
    found = sweep([cell()], ledger=ledger, budget=Budget(seconds=0.0))
    assert found.results == ()
    assert "seconds=0" in found.stopped


def test_progress_tells_what_is_left(cell, ledger):
    """Cells, money, and the time as soon as each method has a finished cell."""
    cells = [cell(seed=seed, method=name) for name in ("majority", "enumerate") for seed in (0, 1)]
    seen = []
    sweep(cells, ledger=ledger, progress=seen.append)
    assert [(at.done, at.cells) for at in seen] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert seen[0].seconds is None
    assert seen[1].seconds == pytest.approx(
        seen[0].last.outcome.seconds + seen[1].last.outcome.seconds
    )
    assert seen[3].seconds == 0.0


class Priced(ScriptedProposer):
    """A scripted proposer that says what it may cost."""

    def forecast(self, train, k):
        return Usage(k, usd=0.5 * k)


def test_an_estimate_adds_up_what_is_left(cell, ledger):
    """The most that unfinished cells can cost; finished ones cost no more."""
    paid = Priced(["def f(x): return 0"])
    cells = [cell(seed=seed, method=Method.of(paid), k=3) for seed in range(3)]
    told = estimate(cells, ())
    assert (told.cells, told.done, told.most.usd, told.seconds) == (3, 0, 4.5, None)
    done = sweep(cells[:1], ledger=ledger).results
    told = estimate(cells, done)
    assert (told.done, told.most.calls) == (1, 6)
    assert told.seconds == pytest.approx(2 * done[0].outcome.seconds)


def test_the_time_goes_by_cells_of_the_same_size_first(cell):
    """A hundred times the samples take longer."""
    done = [
        Finished(cell(m=m, seed=seed), Outcome(status="trained", seconds=seconds))
        for m, seed, seconds in ((10, 0, 1.0), (10, 1, 3.0), (1000, 0, 50.0))
    ]
    assert seconds_left([cell(m=10, seed=2)], done) == 2.0
    assert seconds_left([cell(m=1000, seed=2)], done) == 50.0
    assert seconds_left([cell(m=100, seed=2)], done) == 18.0
    assert seconds_left([cell(method="enumerate")], done) is None


def test_an_old_ledger_is_refused_with_the_next_step(cell, ledger):
    """One of the format before cells."""
    connection = sqlite3.connect(ledger)
    connection.execute("create table runs (key)")
    connection.execute("pragma user_version = 2")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match=r"format 2, this version writes 4. Use another file"):
        sweep([cell()], ledger=ledger)
