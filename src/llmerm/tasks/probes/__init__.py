"""Probes: what a rule, or a way of learning it, does where the samples are not the usual ones.

for probe in llmerm.tasks.get("parity", n=100).probes():
train, test = probe.split(200, 1_000, seed=0)
"""

from __future__ import annotations

from llmerm.errors import TaskError
from llmerm.tasks.probes.base import Probe, Probed, Retest, Retrain
from llmerm.tasks.probes.retests import Balance, Longer, NearMisses
from llmerm.tasks.probes.retrains import Noise, Renamed, Shuffled
from llmerm.typing import Sample, Value

__all__ = [
    "Balance",
    "Longer",
    "NearMisses",
    "Noise",
    "Probe",
    "Probed",
    "Renamed",
    "Retest",
    "Retrain",
    "Shuffled",
    "fitting",
]


def fitting(task: Probed) -> tuple[Probe, ...]:
    """The probes that make sense for a task, in the order of this module."""
    found: list[Probe] = []
    if _exists_longer(task):
        found.append(Longer(task))
    if len(task.classes) == 2:
        found.append(Balance(task))
        if _has_near_misses(task):
            found.append(NearMisses(task))
    found += [Noise(task), Shuffled(task)]
    if _renamable(task.sample(1)[0], task.classes):
        found.append(Renamed(task))
    return tuple(found)


def _exists_longer(task: Probed) -> bool:
    try:
        return task.shifted(n=2 * task.n) is not task
    except TaskError:
        return False


def _has_near_misses(task: Probed) -> bool:
    """Whether one can be found: some families have no edits, others stay clear of their border."""
    try:
        return len(NearMisses(task).samples(2)) == 2
    except TaskError:
        return False


def _renamable(sample: Sample, classes: tuple[Value, ...]) -> bool:
    """Rows, and texts whose label is no other text made of their symbols."""
    if isinstance(sample.x, str):
        return bool(classes) or not isinstance(sample.y, str)
    return isinstance(sample.x, dict)
