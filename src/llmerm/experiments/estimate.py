"""What is left of a sweep: how many cells, the most they can cost, how long they may take."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llmerm.baselines.in_context import InContext
from llmerm.driver import forecast
from llmerm.errors import LlmermError
from llmerm.experiments.cell import Cell
from llmerm.experiments.methods import Method
from llmerm.experiments.outcome import Finished
from llmerm.experiments.training import ASKED
from llmerm.proposers.base import Proposer
from llmerm.typing import Usage


@dataclass(frozen=True)
class Estimate:
    """What is left to do.

    Attributes:
        cells: in all, of which `done` are finished.
        most: the most that the others can cost, with nothing cached and nothing retried.
        priced: whether `most.usd` is known.
        seconds: what the others may take one after another, as the finished cells of the same
            method did; None while a method has no finished cell.
    """

    cells: int
    done: int
    most: Usage
    priced: bool
    seconds: float | None


def estimate(cells: Sequence[Cell], done: Iterable[Finished]) -> Estimate:
    """What is left of these cells, given what is finished. Nothing is asked, nothing is run.

    >>> estimate([], []).seconds
    0.0
    """
    finished = list(done)
    kept = {one.cell.key for one in finished}
    left = [cell for cell in cells if cell.key not in kept]
    bills = [_bill(cell) for cell in left]
    return Estimate(
        cells=len(cells),
        done=len(cells) - len(left),
        most=sum((usage for usage, _ in bills), Usage()),
        priced=all(priced for _, priced in bills),
        seconds=seconds_left(left, finished),
    )


def seconds_left(left: Sequence[Cell], finished: Iterable[Finished]) -> float | None:
    """Wall seconds that cells may take: the mean of their method's finished ones.

    Those with as many samples count alone, where there are any.
    """
    taken: dict[tuple[str, int | None], list[float]] = defaultdict(list)
    for cell, outcome in finished:
        taken[cell.method.label, cell.m].append(outcome.seconds)
        taken[cell.method.label, None].append(outcome.seconds)
    means = {key: statistics.fmean(seconds) for key, seconds in taken.items()}
    some = [means.get((c.method.label, c.m), means.get((c.method.label, None))) for c in left]
    return None if None in some else sum((one for one in some if one is not None), 0.0)


def _bill(cell: Cell) -> tuple[Usage, bool]:
    method = cell.method.make()
    if isinstance(method, InContext):
        return Usage(calls=min(ASKED, cell.n_test)), False
    if not isinstance(method, Proposer) or _is_free(method):
        return Usage(), True
    told = forecast(
        cell.make_task().sample(cell.m, seed=cell.seed), cell.k, proposer=method, seed=cell.seed
    )
    return told.most, told.priced


def asks(method: Method) -> bool:
    """Whether the method may ask a model; False for one that does not exist.

    >>> asks(Method.of("enumerate"))
    False
    """
    try:
        made = method.make()
    except LlmermError:
        return False
    if isinstance(made, Proposer):
        return not _is_free(made) or type(made).prompt is not Proposer.prompt
    return isinstance(made, InContext)


def _is_free(proposer: Proposer) -> bool:
    return type(proposer).forecast is Proposer.forecast
