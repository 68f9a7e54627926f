"""The leaves of a grammar: the input, or the parts of it, as operators without arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from llmerm.search.op import Op
from llmerm.search.parts import list_kind
from llmerm.search.values import INT_LIMIT
from llmerm.typing import Value

LEAST_ITEMS = 3
"""Rows of as many integers are a list too; of more they are nothing else."""

MOST_PLACES = {"ints": LEAST_ITEMS, "floats": LEAST_ITEMS, "strs": 4}
"""Lists of one length are rows with a meaning for each place where there are so few places."""

INSTEAD = {"bool": False, "int": 0, "big": 0, "float": 0.0, "str": ""}
"""What a part of the type is read as where it is missing."""


def read(inputs: Sequence[Value]) -> tuple[Op, ...]:
    """How programs read inputs of this type: whole, or by the places or names of their parts.

    A part that is None in some inputs, or that some rows lack, gives two leaves: whether it is
    missing, and what is read then.

    >>> [leaf.source for leaf in read([{"a": 1, "b": "u"}, {"a": None, "b": "v"}])]
    ["x['a'] is None", "x['a'] or 0", "x['b']"]
    """
    whole = _type(inputs)
    if whole in INSTEAD:
        return (Op("x", whole, (), "x", weight=8),)
    kind = list_kind(inputs)
    if kind and not _few_places(inputs, MOST_PLACES[kind]):
        source = "x" if all(type(x) is list for x in inputs) else "list(x)"
        return (Op("x", kind, (), source, weight=8),)
    columns = _columns(inputs)
    leaves = tuple(leaf for source, values in columns.items() for leaf in _part(source, values))
    if kind == "ints" and len(columns) == LEAST_ITEMS:
        leaves += (Op("all", "ints", (), "list(x)", weight=4),)
    if len({len(x) for x in inputs if isinstance(x, dict)}) > 1:
        leaves += (Op("how many cells", "int", (), "len(x)"),)
    return leaves or (_otherwise(inputs),)


def _few_places(inputs: Sequence[Value], most: int) -> bool:
    """True for lists of one length, which is not 0 and at most this."""
    lengths = {len(x) for x in inputs if isinstance(x, (list, tuple))}
    return len(lengths) == 1 and 0 < min(lengths) <= most


def _part(source: str, values: Sequence[Value]) -> Iterator[Op]:
    """The leaves of one part, or none where its type is none of the search's."""
    there = [v for v in values if v is not None]
    kind = _type(there) if there else None
    if len(there) == len(values) and kind:
        yield Op(source, kind, (), source, weight=4)
    elif kind in INSTEAD:
        yield Op(f"{source} is None", "bool", (), f"{source} is None", weight=4)
        yield Op(source, kind, (), f"{source} or {INSTEAD[kind]!r}", weight=4)


def _otherwise(inputs: Sequence[Value]) -> Op:
    """Truth values as 0 and 1; whatever else there may be, as it prints."""
    if all(isinstance(x, (list, tuple)) and all(type(v) is bool for v in x) for x in inputs):
        return Op("x", "ints", (), "list(map(int, x))", weight=8)
    return Op("x", "str", (), "str(x)", weight=8)


def _type(values: Sequence[Value]) -> str | None:
    """The type of the search that holds these values, or None where there is none."""
    if all(type(v) is bool for v in values):
        return "bool"
    if all(type(v) is str for v in values):
        return "str"
    if all(type(v) is list for v in values):
        return list_kind(values)
    if all(type(v) is int for v in values):
        return "int" if all(type(v) is int and abs(v) < INT_LIMIT for v in values) else "big"
    return "float" if all(type(v) in (int, float) for v in values) else None


def _columns(inputs: Sequence[Value]) -> Mapping[str, Sequence[Value]]:
    """The values by place or name; a name that not all rows have is missing in the others."""
    dicts = [x for x in inputs if isinstance(x, dict)]
    if dicts and len(dicts) == len(inputs):
        counts = Counter(k for row in dicts for k in row)
        return {
            f"x[{k!r}]" if count == len(dicts) else f"x.get({k!r})": [row.get(k) for row in dicts]
            for k, count in counts.items()
            if 2 * count >= len(dicts)
        }
    rows = [x for x in inputs if isinstance(x, (list, tuple))]
    if len(rows) == len(inputs) and len({len(row) for row in rows}) == 1:
        return {f"x[{i}]": [row[i] for row in rows] for i in range(len(rows[0]))}
    return {}
