"""Measures one cell: draws the samples, learns, tests on fresh ones."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from llmerm.errors import (
    ArgumentError,
    LlmermError,
    LlmermWarning,
    OutOfBudgetError,
    ProposerError,
    TaskError,
    UnknownNameError,
)
from llmerm.experiments.cell import Cell
from llmerm.experiments.counters import Counter
from llmerm.experiments.fitting import fitted
from llmerm.experiments.learned import Learned
from llmerm.experiments.outcome import FRESH, Checked, Outcome
from llmerm.experiments.training import trained
from llmerm.fresh import fresh_samples, without
from llmerm.proposers.base import Proposer
from llmerm.purse import Purse
from llmerm.samples import Samples
from llmerm.tasks.base import Task
from llmerm.tasks.probes import Probe, Retest
from llmerm.typing import Budget, Usage

TEST_SEED = 1_000_000
"""Added to a cell's seed for its test samples, so that no cell trains on them."""
ELSEWHERE = 1_000
"""Test samples at most at another length: those of a longer prime cost eight times the work."""


def measure(
    cell: Cell,
    *,
    ledger: str | os.PathLike[str] | None = None,
    budget: Budget | None = None,
    purse: Purse | None = None,
) -> Outcome:
    """What comes of a cell: a plain function of it, so that any executor can run it.

    Args:
        cell: what to measure.
        ledger: a path; draws that are paid for are kept there before they are used.
        budget: a hard stop on what a proposer may spend.
        purse: what other cells in this process spend from, too.

    Returns:
        The outcome; an error of the library is a reason in it.

    >>> from llmerm.experiments.methods import Method
    >>> cell = Cell(bench="", title="parity", task="parity", task_parameters={"n": 20},
    ...             method=Method.of("enumerate"), m=100, seed=0, n_test=1_000)
    >>> measure(cell).test_accuracy
    1.0
    """
    started = time.monotonic()
    try:
        with without_advice():
            outcome = _measured(cell, ledger, budget or Budget(), purse)
    except LlmermError as error:
        outcome = Outcome(
            status="failed",
            failure=f"{type(error).__name__}: {error}",
            unfinished=isinstance(error, OutOfBudgetError),
        )
    return replace(outcome, seconds=time.monotonic() - started)


@contextmanager
def without_advice() -> Iterator[None]:
    """Keeps a fit's advice to its user quiet; filters are one for all threads, so not in others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LlmermWarning)
        yield


def _measured(
    cell: Cell, ledger: str | os.PathLike[str] | None, budget: Budget, purse: Purse | None
) -> Outcome:
    task, method = cell.make_task(), cell.method.make()
    if isinstance(method, Counter):
        return Outcome(status="counted", examples=method.examples(task, seed=cell.seed))
    samples, fresh = _both(cell, task)
    learned = (
        fitted(method, cell, samples, fresh, ledger=ledger, budget=budget, purse=purse)
        if isinstance(method, Proposer)
        else trained(method, cell, samples, ledger=ledger, budget=budget, purse=purse)
    )
    trials = [Trial(FRESH, task.n, lambda: fresh), *_elsewhere(cell, task, samples)]
    return _with_tests(learned, trials)


def _with_tests(learned: Learned, trials: Sequence[Trial]) -> Outcome:
    """The outcome with its tests, and with what they have cost, also where they end early."""
    try:
        tests = tuple(_tested(learned, trial) for trial in trials)
    except ProposerError as error:  # a model gives no more answers, as a rule for want of budget
        failed = Outcome(status="failed", failure=str(error), unfinished=True)
        return replace(failed, usage=_timeless(learned.spent()))
    return replace(learned.outcome, tests=tests, usage=_timeless(learned.spent()))


def _timeless(usage: Usage) -> Usage:
    """Without the seconds: a cell has its own."""
    return replace(usage, seconds=0.0)


def _both(cell: Cell, task: Task) -> tuple[Samples, Samples]:
    """What is learned from, and what is tested on."""
    if cell.probe is not None:
        return _altered(probe_of(task, cell.probe), cell.m, cell.n_test, cell.seed)
    samples = task.sample(cell.m, seed=cell.seed)
    return samples, fresh_samples(task, cell.n_test, cell.seed + TEST_SEED, seen=samples)


def samples_of(cell: Cell) -> Samples:
    """What a cell is measured with: it learns from these samples.

    Raises:
        LlmermError: if there are none.
    """
    task = cell.make_task()
    return task.sample(cell.m, seed=cell.seed) if cell.probe is None else _both(cell, task)[0]


def _altered(probe: Probe, m: int, n_test: int, seed: int) -> tuple[Samples, Samples]:
    """The probe's own samples, with fewer to test on where so many do not exist."""
    try:
        return probe.split(m, n_test, seed=seed)
    except TaskError:
        if n_test < 100:
            raise
        return _altered(probe, m, n_test // 2, seed)


@dataclass(frozen=True)
class Trial:
    """A test to come: its name, the length of its inputs, and how its samples are drawn."""

    name: str
    n: int
    draw: Callable[[], Samples]


def _elsewhere(cell: Cell, task: Task, samples: Samples) -> Iterator[Trial]:
    for n in cell.lengths:
        yield Trial("length", n, partial(_at_length, cell, task, n, samples))
    for name in cell.test_probes:
        yield Trial(name, task.n, partial(_probed, cell, probe_of(task, name), samples))


def _at_length(cell: Cell, task: Task, n: int, samples: Samples) -> Samples:
    m = min(ELSEWHERE, cell.n_test)
    return fresh_samples(task.shifted(n=n), m, cell.seed + TEST_SEED, seen=samples)


def _probed(cell: Cell, probe: Probe, samples: Samples) -> Samples:
    if not isinstance(probe, Retest):
        raise ArgumentError(f"the probe {probe.name!r} changes what is learned: it is no test.")
    drawn = probe.samples(min(ELSEWHERE, cell.n_test), seed=cell.seed + TEST_SEED)
    return without(drawn, samples)


def probe_of(task: Task, name: str) -> Probe:
    """The task's probe of this name.

    Raises:
        UnknownNameError: if the task offers no such probe, with those that it offers.
    """
    offered = {probe.name: probe for probe in task.probes()}
    if name not in offered:
        raise UnknownNameError(f"probe of {task.name}", name, offered)
    return offered[name]


def _tested(learned: Learned, trial: Trial) -> Checked:
    try:
        samples = trial.draw()[: learned.most_tests]
    except TaskError as error:
        return Checked(trial.name, trial.n, None, why=str(error))
    try:
        return Checked(trial.name, trial.n, learned.accuracy(samples), len(samples))
    except ProposerError:
        raise
    except LlmermError as error:
        return Checked(trial.name, trial.n, None, len(samples), why=str(error))
