"""How the items of lists are seen, and what then becomes of each: a problem of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from llmerm.samples import Samples
from llmerm.search.bank import Bank
from llmerm.search.expression import Expr
from llmerm.search.grammar import UNIT
from llmerm.search.op import Op
from llmerm.search.solvers.features import values
from llmerm.typing import Value

SOURCES = 12
"""So many of the bank's first lists are looked at, item by item."""

CONTEXT_SOURCES, CONTEXTS, OTHERS, CONTEXT_BITS = 16, 16, 40, 10.5
"""With another list or a number of the whole input beside it: how many, and at how many bits."""

MOST_ITEMS, MOST_PAIRS, LEAST_PAIRS = 100_000, 240, 8

Pairs: TypeAlias = list[tuple[Any, Any]]
"""What one item is, alone or as (item, number), and what becomes of it."""


@dataclass(frozen=True)
class View:
    """How the items of a list are seen, and where the parts of it stand in the printed program.

    Attributes:
        name: the operator that prints it.
        items: for each sample, what is seen of each item.
        leaves: what the inputs of the search within stand for.
        same_lengths: whether the labels are as long as the lists.
        beside: the other list, where the items of two are seen together.
    """

    name: str
    items: Sequence[Sequence[Any]]
    leaves: Mapping[str, Expr]
    same_lengths: bool
    beside: tuple[Expr, ...] = ()


_V, _I, _W = (Expr(Op(name, "int", (), name)) for name in "viw")


def sources(bank: Bank, samples: Samples) -> Iterator[tuple[Expr, Iterator[View], bool]]:
    """The new lists; later the first ones again, with a context, which is what is True for."""
    fresh = bank.fresh("ints")
    rows = range(fresh.start, min(fresh.stop, SOURCES))
    again = min(CONTEXT_SOURCES, bank.columns["ints"].count)
    for row in (*rows, *range(again if bank.unit == CONTEXT_BITS * UNIT else 0)):
        source = bank.expr("ints", row)
        items = values(source, samples)
        if items is not None and sum(map(len, items)) <= MOST_ITEMS:
            more = row not in rows
            yield source, (_contexts if more else _plain)(bank, samples, items), more


def _plain(bank: Bank, samples: Samples, items: Sequence[Sequence[int]]) -> Iterator[View]:
    """The items alone, and with their places."""
    del bank
    yield _view("", samples, items, {"x": _V})
    placed = [[(v, i) for i, v in enumerate(x)] for x in items]
    yield _view(" in place", samples, placed, {"x[0]": _V, "x[1]": _I})


def _contexts(bank: Bank, samples: Samples, items: Sequence[Sequence[int]]) -> Iterator[View]:
    """The items with a number of the whole input, or with the items of another list."""
    first = values(bank.expr("ints", 0), samples)
    if first is None or posed(_view("", samples, first, {"x": _V}), samples.outputs):
        return  # an item alone says enough
    for row in range(min(CONTEXTS, bank.columns["int"].count)):
        number = bank.expr("int", row)
        found = values(number, samples)
        if found is not None:
            both = [[(v, n) for v in x] for x, n in zip(items, found, strict=True)]
            yield _view("", samples, both, {"x[0]": _V, "x[1]": number})
    yield from _beside(bank, samples, items)


def _beside(bank: Bank, samples: Samples, items: Sequence[Sequence[int]]) -> Iterator[View]:
    """The items with those of another list, at the same places."""
    for row in range(min(OTHERS, bank.columns["ints"].count)):
        other = bank.expr("ints", row)
        found = values(other, samples)
        if found is not None:
            both = [list(zip(x, y, strict=False)) for x, y in zip(items, found, strict=True)]
            leaves = {"x[0]": _V, "x[1]": _W}
            yield _view(" beside", samples, both, leaves, beside=(other,))


def _view(
    how: str,
    samples: Samples,
    items: Sequence[Sequence[Any]],
    leaves: Mapping[str, Expr],
    *,
    beside: tuple[Expr, ...] = (),
) -> View:
    same = all(len(x) == len(y) for x, y in zip(items, map(_items, samples.outputs), strict=True))
    return View(("map each" if same else "filter each") + how, items, leaves, same, beside)


def _items(label: Value) -> list[Value]:
    assert isinstance(label, list)
    return label


def context(view: View) -> Iterator[Expr]:
    """The number of the whole input that a view shows, if it does."""
    return (leaf for leaf in view.leaves.values() if leaf not in (_V, _I, _W))


def posed(view: View, outputs: Sequence[Any]) -> Pairs:
    """What becomes of each item, if that follows from what is seen of it; else nothing."""
    seen = (_mapped if view.same_lengths else _filtered)(view.items, outputs)
    table = dict(seen)
    alone = not isinstance(next(iter(table), None), tuple)
    enough = len(table) >= LEAST_PAIRS and (alone or len(seen) >= len(table) + LEAST_PAIRS)
    follows = all(table[item] == after for item, after in seen)
    worth = enough and follows and len(set(table.values())) > 1
    return list(table.items())[:MOST_PAIRS] if worth else []


def _mapped(items: Sequence[Sequence[Any]], outputs: Sequence[Any]) -> Pairs:
    both = zip(items, outputs, strict=True)
    return [pair for x, y in both for pair in zip(x, y, strict=True)]


def _filtered(items: Sequence[Sequence[Any]], outputs: Sequence[Any]) -> Pairs:
    """1 for an item that is kept, 0 for one that is not; nothing if the labels are no filter.

    Where a value occurs more often than it is kept, none can say which one it was.
    """
    seen: Pairs = []
    for x, y in zip(items, outputs, strict=True):
        before, after = Counter(map(_value, x)), Counter(y)
        clear = {v for v, count in before.items() if after[v] in (0, count)}
        kept = [_value(item) for item in x if _value(item) in clear and after[_value(item)]]
        if not after <= before or kept != [v for v in y if v in clear]:
            return []
        seen += [(item, int(_value(item) in after)) for item in x if _value(item) in clear]
    return seen


def _value(item: Any) -> Any:  # noqa: ANN401  (an item, alone or with a number)
    return item[0] if isinstance(item, tuple) else item
