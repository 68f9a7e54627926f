"""Labels as arrays and back: classes or numbers, with the labels' own types kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llmerm.errors import DataError
from llmerm.losses import LARGEST
from llmerm.typing import Value
from llmerm.values import key


@dataclass(frozen=True)
class Classes:
    """Labels out of a few.

    Attributes:
        labels: the distinct labels, in the order of their JSON texts.
        array: the index into `labels` of each sample's, shape (samples,).
    """

    labels: tuple[Value, ...]
    array: NDArray[np.int64]

    def decode(self, predicted: ArrayLike) -> list[Value]:
        """The labels at the predicted indices."""
        return [self.labels[int(i)] for i in np.asarray(predicted)]

    @property
    def most_frequent(self) -> Value:
        """The label of most samples; of several the first."""
        return self.labels[int(np.bincount(self.array).argmax())]


@dataclass(frozen=True)
class Numbers:
    """Labels that are quantities: `array` has each sample's, shape (samples,)."""

    array: NDArray[np.float64]

    def decode(self, predicted: ArrayLike) -> list[Value]:
        """The predicted numbers as Python floats."""
        return [float(number) for number in np.asarray(predicted).ravel()]


Targets: TypeAlias = Classes | Numbers


def targets(labels: Sequence[Value]) -> Targets:
    """The labels as numbers if all are numbers and one has a fractional part, else as classes.

    >>> targets([True, False, True]).decode([0, 1])
    [False, True]
    >>> targets([1, 2.5]).array.tolist()
    [1.0, 2.5]
    """
    if _are_quantities(labels):
        return Numbers(np.array(labels, dtype=np.float64))
    return classes(labels)


def classes(labels: Sequence[Value]) -> Classes:
    """The labels as classes, whatever they are; equal values are one class.

    Raises:
        DataError: if there is no label.
    """
    if not labels:
        raise DataError("there are no samples to train on, expected at least 1 pair (x, y).")
    first: dict[str, Value] = {}
    keys = [key(label) for label in labels]
    for name, label in zip(keys, labels, strict=True):
        first.setdefault(name, label)
    order = {name: index for index, name in enumerate(sorted(first))}
    return Classes(
        tuple(first[name] for name in order), np.array([order[name] for name in keys], np.int64)
    )


def two_classes(labels: Sequence[Value], name: str) -> Classes:
    """The labels as at most two classes.

    Args:
        labels: one per sample.
        name: of the baseline that needs it so.

    Raises:
        DataError: if there are more than two.
    """
    found = classes(labels)
    if len(found.labels) > 2:
        raise DataError(
            f"{name} learns rules with two labels, got {len(found.labels)}. "
            "Use another baseline, such as 'decision_tree'."
        )
    return found


def _are_quantities(labels: Iterable[Value]) -> bool:
    fractional = False
    for label in labels:
        if isinstance(label, bool) or not isinstance(label, int | float):
            return False
        if abs(label) >= LARGEST:
            return False
        fractional = fractional or (isinstance(label, float) and not label.is_integer())
    return fractional
