"""The paper's tasks, learned from 200 samples each: what `llmerm demo` runs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llmerm.driver import fit_unattended
from llmerm.fresh import fresh_samples
from llmerm.proposers.base import Proposer
from llmerm.result import FitResult, Status
from llmerm.samples import Samples
from llmerm.sandbox import default
from llmerm.tasks.base import Task
from llmerm.typing import ProgressHook, Usage

SAMPLES = 200
FRESH = 10_000
LONGER = 1_000
"""Fresh samples at twice the length: fewer, because a longer prime costs eight times the work."""
PATIENCE = 15.0
"""CPU seconds per 1,000 inputs for a program that was chosen: 200-digit primes take long."""


@dataclass(frozen=True)
class Row:
    """One task of the demo; accuracies and bound are None where no program is returned.

    Attributes:
        task: its published name.
        n: length of its inputs, in characters.
        status: verified, best_effort, or abstained.
        source: the program found.
        bits: its description length under the proposer's prior, else that of its source.
        error_bound: the certificate: the population error is at most this.
        test_accuracy: on 10,000 fresh samples, or on fewer where so many do not exist.
        longer_accuracy: on 1,000 fresh samples of twice the length.
        seconds: from the samples to the certificate.
        candidates: how many were drawn.
        usage: what they cost.
    """

    task: str
    n: int
    status: Status
    source: str | None
    bits: float | None
    error_bound: float | None
    test_accuracy: float | None
    longer_accuracy: float | None
    seconds: float
    candidates: int
    usage: Usage
    isolation: str


def rows(
    tasks: Sequence[tuple[str, Task]],
    *,
    proposer: str | Proposer = "enumerate",
    k: int = 16,
    seed: int = 0,
    progress: ProgressHook | None = None,
) -> Iterator[Row]:
    """A row for each (published name, task), as it is done."""
    for name, task in tasks:
        started = time.monotonic()
        samples = task.sample(SAMPLES, seed=seed)
        result = fit_unattended(samples, k, proposer=proposer, seed=seed, progress=progress)
        yield _row(name, task, samples, result, time.monotonic() - started, seed)


def _row(
    name: str, task: Task, samples: Samples, result: FitResult, seconds: float, seed: int
) -> Row:
    abstained = result.status == "abstained"
    return Row(
        task=name,
        n=task.n,
        status=result.status,
        source=None if abstained else result.program.source,
        bits=None if abstained else _bits(result),
        error_bound=None if abstained else result.certificate.bound,
        test_accuracy=None if abstained else _accuracy(result, task, FRESH, seed + 1, samples),
        longer_accuracy=None
        if abstained
        else _accuracy(result, task.shifted(n=2 * task.n), LONGER, seed + 2, samples),
        seconds=seconds,
        candidates=len(result.candidates),
        usage=result.usage,
        isolation=result.provenance.isolation,
    )


def _bits(result: FitResult) -> float:
    prior = result.best.proposal.prior_bits
    return result.program.bits if prior is None else prior


def _accuracy(result: FitResult, task: Task, m: int, seed: int, seen: Samples) -> float:
    """On samples of which none was seen by the fit."""
    patient = replace(result, sandbox=default(cpu_seconds=PATIENCE))
    return patient.evaluate(fresh_samples(task, m, seed, seen=seen)).accuracy
