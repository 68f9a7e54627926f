"""More list operators as numpy: running values, orders, membership; see `kernels`.

Those that compare each item with all others loop over the places, not over the items.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llmerm.search.arrays import inside, masked, scanned, some, total, widened
from llmerm.search.kernels import cut, equal, mapped, run_starts
from llmerm.search.values import Array, Mask, Ragged, every

TOO_LARGE = 2**40
"""What stands for a number that does not fit; it does not fit either, so the row is dropped."""

LONGEST_COMPARED = 1000
"""Lists whose items are compared with one another, or folded, are at most so long."""


def short(numbers: Ragged, *others: Array | Ragged) -> Mask:
    """True for the lists of which each item is looked at for each: longer ones take too long."""
    lengths = [numbers.lengths, *(o.lengths for o in others if isinstance(o, Ragged))]
    found: Mask = np.maximum(lengths[0], lengths[-1]) <= LONGEST_COMPARED
    return found


def running(numbers: Ragged, combine: Callable[..., Array]) -> Ragged:
    """`list(accumulate(numbers, combine))` for an associative function."""
    return mapped(numbers, scanned(numbers.data, combine))


def folded(numbers: Ragged, step: Callable[[Array, Array], Array]) -> Array:
    """All values of `accumulate(numbers, step, initial=0)` but the first, place by place."""
    so_far = np.zeros(numbers.lengths.shape, np.int64)
    out = np.zeros(numbers.data.shape, np.int64)
    for place in range(numbers.data.shape[-1]):
        so_far = np.clip(step(so_far, numbers.data[..., place]), -TOO_LARGE, TOO_LARGE)
        out[..., place] = so_far
    return out


def best_sums(numbers: Ragged) -> Ragged:
    """`list(accumulate(numbers, lambda a, v: max(a + v, v)))`."""
    return mapped(numbers, folded(numbers, lambda a, v: np.maximum(a, 0) + v))


def in_base(numbers: Ragged, base: Array) -> Array:
    """`reduce(lambda a, v: base * a + v, numbers, 0)`."""
    values = folded(numbers, lambda a, v: base * a + v)
    place = np.maximum(numbers.lengths - 1, 0)[..., None]
    return np.take_along_axis(values, place, -1)[..., 0] * (numbers.lengths > 0)


def product(numbers: Ragged) -> Array:
    """`math.prod(numbers)`."""
    factors = np.where(numbers.inside, numbers.data, 1)
    size = np.abs(factors.astype(np.float64)).prod(-1)
    return np.where(size < TOO_LARGE, factors.prod(-1, dtype=np.int64), TOO_LARGE)


def ordered(numbers: Ragged, key: Array) -> Ragged:
    """The items in the order of their keys, `sorted(numbers, key=...)`; equal ones stay in turn."""
    last = np.where(numbers.inside, widened(key), TOO_LARGE)
    order = np.argsort(last, axis=-1, kind="stable")
    return mapped(numbers, np.take_along_axis(numbers.data, order, -1))


def first_seen(numbers: Ragged) -> Mask:
    """True at the first of all equal items."""
    order = np.argsort(
        np.where(numbers.inside, widened(numbers.data), TOO_LARGE), axis=-1, kind="stable"
    )
    lined_up = Ragged(np.take_along_axis(numbers.data, order, -1), numbers.lengths)
    found = np.zeros(numbers.data.shape, np.bool_)
    np.put_along_axis(found, order, run_starts(lined_up), -1)
    return found


def compared(
    numbers: Ragged, test: Callable[[Array, Array], Mask], *, after: bool = False
) -> Array:
    """For each item v the number of items w (of those after it) for which `test(w, v)` holds."""
    data, within = numbers.data, numbers.inside
    count = np.zeros(data.shape, np.int32)
    for place in range(data.shape[-1]):
        holds = test(data[..., place : place + 1], data) & within[..., place : place + 1]
        if after:
            holds[..., place:] = False
        count += holds
    return count


def counts(numbers: Ragged) -> Ragged:
    """`[numbers.count(v) for v in numbers]`."""
    return mapped(numbers, compared(numbers, np.equal))


def mode(numbers: Ragged) -> Array:
    """`max(numbers, key=numbers.count)` where there is one: the first of the most frequent."""
    place = counts(numbers).data.argmax(-1)[..., None]
    return np.take_along_axis(numbers.data, place, -1)[..., 0].astype(np.int64)


def member_places(numbers: Ragged, others: Ragged) -> Mask:
    """True at the items that are among `others`."""
    found = np.zeros(np.broadcast_shapes(numbers.data.shape, others.data.shape), np.bool_)
    within = others.inside
    for place in range(others.data.shape[-1]):
        here = slice(place, place + 1)
        found |= (numbers.data == others.data[..., here]) & within[..., here]
    return found & numbers.inside


def before(numbers: Ragged, stops: Mask) -> Ragged:
    """The items before the first place of `stops`."""
    stops = stops & numbers.inside
    lengths = np.where(some(stops), stops.argmax(-1), numbers.lengths)
    return Ragged(masked(numbers.data, inside(lengths, numbers.data.shape[-1])), lengths)


def single(number: Array) -> Ragged:
    """`[number]`."""
    return Ragged(number[..., None], np.ones(number.shape, np.int64))


def indices(numbers: Ragged) -> Ragged:
    """`list(range(len(numbers)))`."""
    places = np.arange(numbers.data.shape[-1], dtype=numbers.data.dtype)
    return mapped(numbers, np.broadcast_to(places, numbers.data.shape))


def begins(goal: Ragged, parts: Ragged) -> Mask:
    """The rows `[K]` that are the beginning of the goal `[1, N]` in every sample."""
    none = np.zeros((1, 1), np.int64)
    return every(equal(cut(goal, none, parts.lengths), parts))


def ends(goal: Ragged, parts: Ragged) -> Mask:
    """The rows that are the end of the goal in every sample."""
    short = np.minimum(parts.lengths, goal.lengths)
    return every(equal(cut(goal, goal.lengths - short, goal.lengths), parts))


def matches(left: Ragged, right: Ragged, test: Callable[[Array, Array], Mask]) -> Array:
    """How many neighbours in `zip(left, right)` pass the test."""
    return total(test(left.data, right.data) & left.inside & right.inside)


def interleaved(left: Ragged, right: Ragged) -> Ragged:
    """`[v for pair in zip(left, right) for v in pair]`."""
    shape = np.broadcast_shapes(left.data.shape, right.data.shape)
    data = np.zeros((*shape[:-1], 2 * shape[-1]), left.data.dtype)
    data[..., ::2], data[..., 1::2] = left.data, right.data
    lengths = 2 * np.minimum(left.lengths, right.lengths)
    return Ragged(masked(data, inside(lengths, data.shape[-1])), lengths)
