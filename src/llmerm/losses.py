"""Losses: how far a prediction is from its label, and the mean of that over samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import ne

from llmerm.errors import ArgumentError, DataError, UnknownNameError
from llmerm.typing import Prediction, SampleError, Value

Compare = Callable[[Value, Value], float]
"""A loss as a plain function: (prediction, label) -> a number of at least 0."""


@dataclass(frozen=True)
class Loss:
    """A named loss. Tuples arrive as lists; types are exact, values are plain.

    Attributes:
        name: for reports.
        compare: (prediction, label) -> loss.
        failure: the loss where a program gives no prediction for an input.
        most: a larger loss counts as this; declare it, and the mean loss can be certified.
        wrong: for a loss of 0 or 1 alone, what 1 means in words ("is wrong"); else empty. Any
            number above 0 counts as 1 then.
    """

    name: str
    compare: Compare
    failure: float = math.inf
    most: float = math.inf
    wrong: str = ""

    def of(self, prediction: Prediction, label: Value) -> float:
        """The loss of one prediction; one that cannot be compared counts as a failure."""
        loss = min(self._plain(prediction, label), self.most)
        return float(loss > 0) if self.wrong else loss

    def _plain(self, prediction: Prediction, label: Value) -> float:
        if isinstance(prediction, SampleError):
            return self.failure
        try:
            loss = self.compare(prediction, label)
        except Exception:  # a candidate may return any type, a user's loss need not take all
            return self.failure
        return loss if loss >= 0 else self.failure  # NaN is no loss either

    def mean(self, predictions: Sequence[Prediction], labels: Sequence[Value]) -> float | None:
        """The empirical risk: the mean loss, or None where there are no samples.

        >>> ZERO_ONE.mean([1, 0, 1], [1, 1, 1])
        0.3333333333333333
        """
        return average(self.each(predictions, labels), len(labels)) if labels else None

    def each(self, predictions: Iterable[Prediction], labels: Sequence[Value]) -> Iterable[float]:
        """The loss of each prediction."""
        kinds = {*map(type, labels)}
        if self == ZERO_ONE and not any(issubclass(kind, float) for kind in kinds):
            return map(ne, predictions, labels)  # what `of` gives then, several times faster
        return map(self.of, predictions, labels)


def average(losses: Iterable[float], count: int) -> float:
    """The correctly rounded sum of `losses`, over `count`.

    So it can only grow with each further loss of at least 0: with fewer losses than `count`, it
    is a lower bound on the mean of all.

    >>> average([1.0, 0.0], 4) <= average([1.0, 0.0, 0.0, 1.0], 4)
    True
    """
    try:
        return math.fsum(losses) / count
    except OverflowError:  # of finite losses, whose sum is beyond every float
        return math.inf


def _differ(prediction: Value, label: Value) -> float:
    """Equal by value; floats up to rounding, so that x + (x + 1.0) is 2 * x + 1.0."""
    if isinstance(label, float) and isinstance(prediction, (int, float)):
        return float(not math.isclose(prediction, label, rel_tol=1e-9))
    return float(prediction != label)


def _distance(prediction: Value, label: Value) -> float:
    if isinstance(prediction, (int, float)) and isinstance(label, (int, float)):
        return float(abs(prediction - label))
    raise TypeError(f"{prediction!r} - {label!r}")


def _squared(prediction: Value, label: Value) -> float:
    return _distance(prediction, label) ** 2


LARGEST = 1e150
"""Labels of numeric losses stay below this, so that their squares are still numbers."""

ZERO_ONE = Loss("zero_one", _differ, failure=1.0, most=1.0, wrong="is wrong")
ABSOLUTE = Loss("absolute", _distance)
SQUARED = Loss("squared", _squared)
_BY_NAME = {loss.name: loss for loss in (ZERO_ONE, ABSOLUTE, SQUARED)}
NAMES = tuple(_BY_NAME)
"""The losses that a name is enough for."""


def within(t: float) -> Loss:
    """The loss that counts the predictions further than `t` from their labels: 0 or 1.

    >>> within(0.5).mean([1.0, 2.0], [1.4, 2.6])
    0.5
    """
    if not 0 <= t < math.inf:
        raise ArgumentError(f"`t` must be a number of at least 0, got {t!r}, the label's unit.")
    words = f"is off by more than {t:g}"
    return Loss(f"within {t:g}", partial(_beyond, t), failure=1.0, most=1.0, wrong=words)


def tolerated(loss: Loss) -> float | None:
    """The `t` of a loss that `within` made, else None.

    >>> tolerated(within(0.5)), tolerated(ABSOLUTE)
    (0.5, None)
    """
    made = loss.compare
    return made.args[0] if isinstance(made, partial) and made.func is _beyond else None


def _beyond(t: float, prediction: Value, label: Value) -> float:
    return float(_distance(prediction, label) > t)


def clipped(loss: str | Loss | Compare, most: float) -> Loss:
    """The loss with all that is above `most` counted as `most`, so that it can be certified.

    Args:
        loss: "absolute", "squared", a `Loss`, or (prediction, label) -> float.
        most: declared before the samples are looked at, in the loss's unit.

    >>> clipped("absolute", 2.0).mean([0.0, 9.0], [1.0, 1.0])
    1.5
    """
    if not 0 < most < math.inf:
        raise ArgumentError(f"`most` must be a finite number above 0, got {most!r}.")
    named = resolve(loss, [])
    name = f"{named.name}, at most {most:g}"
    return replace(named, name=name, most=most, failure=min(named.failure, most))


def resolve(loss: str | Loss | Compare, labels: Sequence[Value]) -> Loss:
    """The loss that `loss` names or is, tried on the labels at once.

    Args:
        loss: "zero_one", "absolute", "squared", a `Loss`, or (prediction, label) -> float.
        labels: the labels it will be used on.

    Raises:
        ArgumentError: if it does not give a number of at least 0 for a label compared with itself.
        DataError: if the labels are no numbers and the loss needs them.

    >>> resolve("absolute", [1, 2]).name
    'absolute'
    """
    if isinstance(loss, str):
        if loss not in _BY_NAME:
            raise UnknownNameError("loss", loss, _BY_NAME)
        chosen = _BY_NAME[loss]
    else:
        chosen = loss if isinstance(loss, Loss) else _from_callable(loss)
    _probe(chosen, labels)
    return chosen


def _from_callable(compare: Compare) -> Loss:
    if not callable(compare):
        raise ArgumentError(
            f"`loss` must be one of {', '.join(_BY_NAME)} or a function (prediction, label) -> "
            f"float, got {compare!r}."
        )
    return Loss(getattr(compare, "__name__", "loss"), compare)


def _probe(loss: Loss, labels: Sequence[Value]) -> None:
    numeric = loss in (ABSOLUTE, SQUARED)
    for index, label in enumerate(labels):
        if numeric and not (isinstance(label, (int, float)) and abs(label) < LARGEST):
            raise DataError(
                f"the label of sample {index} is {label!r:.60}, but the loss {loss.name!r} needs "
                "numbers below 1e150. Use loss='zero_one', or pass your own function."
            )
    if labels and not numeric:
        try:
            found = loss.compare(labels[0], labels[0])
            usable = found >= 0
        except Exception as error:
            raise ArgumentError(
                f"the loss {loss.name!r} raised {error!r} on ({labels[0]!r:.40}, the same)."
            ) from error
        if not usable:
            raise ArgumentError(f"the loss {loss.name!r} gave {found!r}, expected a number >= 0.")
