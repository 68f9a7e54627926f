"""Sums of weighted columns by least squares: what is left to say of noisy quantities."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from llmerm.samples import Samples
from llmerm.search.leaves import read
from llmerm.typing import Value

TERMS = 5
"""A line has at most so many columns."""
DIGITS = 3
"""Significant digits of a weight."""
DISTINCT = 8
"""Numbers of more than so many values are quantities, which a program may come close to."""

_LARGEST = 1e150  # so that squares are finite
_NUMERIC = ("int", "float", "bool")

Column: TypeAlias = tuple[str, NDArray[np.float64]]


def lines(samples: Samples) -> Iterator[str]:
    """Expressions for quantities: the mean, then sums of 1 to 5 columns, each with one more.

    The next column is the one that says most about what the last sum leaves over. Weights are
    rounded. Nothing comes where the labels are no quantities.

    >>> samples = Samples.of([([i, i % 9, 1], 2.5 * i + (i % 3) / 100) for i in range(50)])
    >>> list(lines(samples))[1]
    '2.5 * x[0]'
    """
    labels = samples.outputs
    if not _are_numbers(labels) or len(set(map(repr, labels))) <= DISTINCT:
        return
    goal = np.array(labels, np.float64)
    rest, chosen = _columns(samples.inputs), list[Column]()
    yield _text([], goal)
    while rest and len(chosen) < TERMS:
        left = goal - _design(chosen, goal) @ _weights(chosen, goal)
        shares = [_share(values, left) for _, values in rest]
        chosen.append(rest.pop(int(np.argmax(shares))))
        yield _text(chosen, goal)


def _are_numbers(values: Sequence[Value]) -> bool:
    return all(type(v) in (int, float, bool) and abs(v) < _LARGEST for v in values)  # type: ignore[arg-type]


def _columns(inputs: Sequence[Value]) -> list[Column]:
    """The numeric parts of the inputs that vary, as programs read them."""
    found = []
    for source in _sources(inputs):
        values = list(map(eval(f"lambda x: {source}"), inputs))  # a leaf, which the search wrote
        if _are_numbers(values) and len(set(values)) > 1:
            found.append((source, np.array(values, np.float64)))
    return found


def _sources(inputs: Sequence[Value]) -> list[str]:
    places = {len(x) if isinstance(x, (list, tuple)) else -1 for x in inputs}
    if len(places) == 1 and -1 not in places:
        return [f"x[{i}]" for i in range(max(places))]
    return [leaf.source for leaf in read(inputs) if leaf.ret in _NUMERIC]


def _share(values: NDArray[np.float64], left: NDArray[np.float64]) -> float:
    """The part of the squares of `left` that a multiple of the column would take away."""
    centred = values - values.mean()
    return float((centred @ left) ** 2 / (centred @ centred))


def _design(columns: Sequence[Column], goal: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones(len(goal)), *(values for _, values in columns)], axis=1)


def _weights(columns: Sequence[Column], goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """The intercept and the weights of least squares."""
    weights = np.linalg.lstsq(_design(columns, goal), goal, rcond=None)[0]
    return np.asarray(weights, np.float64)


def _text(columns: Sequence[Column], goal: NDArray[np.float64]) -> str:
    """The sum with rounded weights, and the intercept that suits these best."""
    weights = [float(f"{w:.{DIGITS}g}") for w in _weights(columns, goal)[1:]]
    left = goal - sum(w * values for w, (_, values) in zip(weights, columns, strict=True))
    text = repr(_rounded(float(left.mean()), float(goal.std())))
    for weight, (source, _) in zip(weights, columns, strict=True):
        part = f"({source})" if " " in source else source
        text += f" {'-' if weight < 0 else '+'} {abs(weight)!r} * {part}"
    return text.removeprefix("0.0 + ")


def _rounded(number: float, spread: float) -> float:
    """The number to a hundredth of the labels' spread."""
    return round(number, 2 - math.floor(math.log10(spread))) if spread else number
