"""A cell whose method proposes programs: `fit`, and what its candidates are worth."""

from __future__ import annotations

import os
from dataclasses import replace

from llmerm.algorithm import Algorithm
from llmerm.audit import audit, refuse_hopeless
from llmerm.candidate import Candidate, priced
from llmerm.driver import verify
from llmerm.experiments.cell import Cell
from llmerm.experiments.learned import Learned
from llmerm.experiments.outcome import Drawn, Outcome
from llmerm.loops import blocking
from llmerm.losses import ZERO_ONE
from llmerm.proposers.base import Proposer
from llmerm.proposers.registry import Choice
from llmerm.purse import Purse
from llmerm.result import FitResult
from llmerm.samples import Samples
from llmerm.sandbox import default
from llmerm.selector import select
from llmerm.typing import Budget

PATIENCE = 15.0
"""CPU seconds per 1,000 inputs for a program that was chosen: 200-digit primes take long."""


def fitted(
    proposer: Proposer,
    cell: Cell,
    samples: Samples,
    fresh: Samples,
    *,
    ledger: str | os.PathLike[str] | None,
    budget: Budget,
    purse: Purse | None = None,
) -> Learned:
    """The outcome of a fit, and its program's accuracy.

    A model's draws go to the ledger; a search is made again, faster than it could be kept.
    """
    kept = ledger if proposer.prompt(samples) is not None else None
    algorithm = algorithm_of(proposer, cell, samples, ledger=kept, budget=budget, purse=purse)
    result = blocking(algorithm.learn())
    patient = replace(result, sandbox=default(cpu_seconds=PATIENCE))
    outcome = _outcome(result, _drawn(result, fresh if cell.every_candidate else None))
    return Learned(outcome, lambda test: patient.evaluate(test).accuracy, lambda: outcome.usage)


def algorithm_of(
    proposer: Proposer,
    cell: Cell,
    samples: Samples,
    *,
    ledger: str | os.PathLike[str] | None,
    budget: Budget,
    purse: Purse | None,
) -> Algorithm:
    """What `fit` would run, but for the count of uses: each cell's bound speaks of it alone.

    Cells end in any order and in several processes, and the sweep's files must not depend on it.
    """
    refuse_hopeless(samples)
    split = samples.split(seed=cell.seed)
    return Algorithm(
        split=split,
        choice=Choice(proposer, "the cell's method"),
        data=samples.fingerprint,
        audit=audit(split),
        count_why=f"chosen among at most {cell.k} candidates",
        k=cell.k,
        loss=ZERO_ONE,
        sandbox=default(),
        batch_size=cell.k if cell.every_candidate else 1,
        budget=budget,
        seed=cell.seed,
        ledger=ledger,
        counted=False,
        purse=purse or Purse(),
    )


def _outcome(result: FitResult, candidates: tuple[Drawn, ...]) -> Outcome:
    counts = range(1, len(result.candidates) + 1)
    cut = result.stopped.startswith("the budget") and len(candidates) < result.provenance.k
    found = Outcome(
        status=result.status,
        bound=result.certificate.bound,
        candidates=candidates,
        selected=tuple(select(priced(result.candidates[:count])) for count in counts),
        usage=result.usage,
        unfinished=cut,
    )
    if result.chosen is None:
        return found
    return replace(
        found,
        train_accuracy=_right(result.train_error),
        held_out_accuracy=_right(result.held_out_error),
        source=result.program.source,
        bits=_bits(result.best),
    )


def _right(error: float | None) -> float | None:
    return None if error is None else 1.0 - error


def _bits(candidate: Candidate) -> float | None:
    if candidate.proposal.prior_bits is not None:
        return candidate.proposal.prior_bits
    return candidate.bits


def _drawn(result: FitResult, fresh: Samples | None) -> tuple[Drawn, ...]:
    accuracies = {} if fresh is None else _accuracies(result, fresh)
    return tuple(
        Drawn(
            one.draw,
            one.source,
            one.reason,
            one.train_error,
            one.held_out_error,
            _bits(one),
            accuracies.get(one.draw),
        )
        for one in result.candidates
    )


def _accuracies(result: FitResult, fresh: Samples) -> dict[int, float]:
    """Of each candidate that is a program and runs, by the number of its draw."""
    programs = [(one.draw, one.program) for one in result.candidates if one.program]
    if not programs:
        return {}
    judged = verify(
        [program for _, program in programs], fresh, sandbox=default(cpu_seconds=PATIENCE)
    )
    errors = {
        draw: one.held_out_error for (draw, _), one in zip(programs, judged.candidates, strict=True)
    }
    return {draw: 1.0 - error for draw, error in errors.items() if error is not None}
