"""A rule on bits that answers any question: which bits move it, and its truth table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llmerm.errors import ArgumentError

BitRows: TypeAlias = NDArray[np.uint8]
"""Shape (rows, n), of zeros and ones."""

Rule: TypeAlias = Callable[[BitRows], ArrayLike]
"""What is asked: it answers 0 or 1 for each row."""


class Sensitivity(NamedTuple):
    """Which coordinates flip the label when they flip, out of those that were probed.

    Attributes:
        always: on every probe.
        sometimes: on some probe, and not on another.
    """

    always: tuple[int, ...]
    sometimes: tuple[int, ...]


def sensitivity(rule: Rule, n: int, places: Sequence[int], probes: int, seed: int) -> Sensitivity:
    """What flipping each of the places does to the label of uniform inputs.

    It asks (1 + places) * probes questions. A coordinate that flips the label of a share p of all
    inputs is overlooked with chance (1 - p)**probes, and taken for one that always does with
    chance p**probes.

    Raises:
        ArgumentError: if `probes` is below 1, or the rule answers other than 0 and 1.
    """
    if probes < 1:
        raise ArgumentError(f"`probes` must be at least 1, got {probes}. Try probes=256.")
    rows = np.random.default_rng(seed).integers(0, 2, (probes, n), dtype=np.uint8)
    before = answers(rule, rows)
    flips = {i: np.count_nonzero(answers(rule, _flipped(rows, i)) != before) for i in places}
    always = tuple(i for i, count in flips.items() if count == probes)
    return Sensitivity(always, tuple(i for i, count in flips.items() if 0 < count < probes))


def truth_table(rule: Rule, n: int, places: Sequence[int]) -> NDArray[np.int64]:
    """The labels as signs, 1 for a 0 and -1 for a 1, shape (2**places,).

    At x: that of the input with bit i of x at places[i], and zeros elsewhere.

    Raises:
        ArgumentError: if the rule answers other than 0 and 1.
    """
    numbers = np.arange(2 ** len(places), dtype=np.uint32)
    rows = np.zeros((len(numbers), n), np.uint8)
    for i, place in enumerate(places):
        rows[:, place] = numbers >> i & 1
    return 1 - 2 * answers(rule, rows)


def answers(rule: Rule, rows: BitRows) -> NDArray[np.int64]:
    """The labels of these rows, checked.

    Raises:
        ArgumentError: unless there is a 0 or 1 for each row.
    """
    labels = np.asarray(rule(rows))
    if labels.shape != (len(rows),) or not np.isin(labels, (0, 1)).all():
        raise ArgumentError(
            f"the rule must answer 0 or 1 for each of {len(rows)} rows, got the shape "
            f"{labels.shape} and the values {np.unique(labels)[:5].tolist()}."
        )
    return labels.astype(np.int64)


def _flipped(rows: BitRows, place: int) -> BitRows:
    changed = rows.copy()
    changed[:, place] ^= 1
    return changed
