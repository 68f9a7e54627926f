"""Fresh samples of a task: of inputs that a fit has not seen."""

from __future__ import annotations

from llmerm.columns import keys
from llmerm.errors import TaskError
from llmerm.samples import Samples
from llmerm.tasks.base import Task

_FEWEST = 200
"""Below this many inputs nobody is tested: the task's own error says how many there are."""


def fresh_samples(task: Task, m: int, seed: int, *, seen: Samples) -> Samples:
    """At most `m` samples whose inputs are not among `seen`.

    Args:
        task: the family to draw from.
        m: how many to draw; half of that, a quarter, ... where no more distinct inputs exist.
        seed: of the draw.
        seen: the samples of the fit.

    Raises:
        TaskError: if the family has too few inputs to test on.

    >>> from llmerm import tasks
    >>> task = tasks.get("parity", n=20)
    >>> len(fresh_samples(task, 1_000, 1, seen=task.sample(200)))
    1000
    """
    return without(_as_many(task, m, seed), seen)


def without(samples: Samples, seen: Samples) -> Samples:
    """The samples whose inputs are not among `seen`."""
    known, drawn = keys(seen.inputs, samples.inputs)
    unwanted = set(known)
    return samples.take(i for i, x in enumerate(drawn) if x not in unwanted)


def _as_many(task: Task, m: int, seed: int) -> Samples:
    try:
        return task.sample(m, seed=seed)
    except TaskError:
        if m < _FEWEST:
            raise
        return _as_many(task, m // 2, seed)
