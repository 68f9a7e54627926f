"""Which parts of an input an answer depends on: by trying, and by what the code names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from llmerm.errors import PredictionError
from llmerm.reading.nodes import is_rebound
from llmerm.typing import Prediction, SampleError, Value
from llmerm.values import replaced

MOST_PARTS = 200
"""Inputs of more columns or places than this are not tried part by part."""
MOST_RUNS = 4_000
"""Changed inputs, at most, that a program is run on."""


_SEE_ALL = frozenset({"locals", "vars", "dir", "eval", "exec"})
"""Functions of Python's own that reach the input without naming it."""


@dataclass(frozen=True)
class Part:
    """One column or place: on how many inputs it was changed, and how many answers followed."""

    name: str
    tried: int
    changed: int


@dataclass(frozen=True)
class Sensitivity:
    """What changed when one part of an input was taken from another input.

    Attributes:
        what: column or place (counted from 0).
        parts: those that differ between the inputs.
        same: the names of those that do not.
        failure: why nothing could be tried, in words; empty if it could.
    """

    what: str
    parts: tuple[Part, ...]
    same: tuple[str, ...]
    failure: str = ""


def measured(
    inputs: Sequence[Value],
    answers: Sequence[Prediction],
    predict: Callable[[Sequence[Value]], list[Prediction]],
) -> Sensitivity | None:
    """What each part does, or None where the inputs have no parts in common.

    Args:
        inputs: rows with the same columns, or texts or lists of one length.
        answers: what the program says of them.
        predict: runs the program.

    >>> found = measured(["00", "11"], [0, 1], lambda xs: [int(x[0]) for x in xs])
    >>> [(part.name, part.changed) for part in found.parts]
    [('0', 2), ('1', 0)]
    """
    keys = _keys(inputs)
    if keys is None:
        return None
    what = "column" if isinstance(inputs[0], dict) else "place"
    if not 0 < len(keys) <= MOST_PARTS:
        return Sensitivity(what, (), (), f"there are {len(keys)}")
    first = inputs[: max(1, MOST_RUNS // len(keys))]
    changed = [list(_changed(first, key)) for key in keys]
    try:
        found = iter(predict([x for _, x in chain.from_iterable(changed)]))
    except PredictionError as error:
        return Sensitivity(what, (), (), str(error))
    parts = []
    for key, rows in zip(keys, changed, strict=True):
        moved = sum(_shown(next(found)) != _shown(answers[row]) for row, _ in rows)
        parts.append(Part(str(key), len(rows), moved))
    tried = tuple(part for part in parts if part.tried)
    return Sensitivity(what, tried, tuple(part.name for part in parts if not part.tried))


def _keys(inputs: Sequence[Value]) -> Sequence[str | int] | None:
    """The columns or places that all inputs have, if all of them are built alike."""
    first = inputs[0]
    if isinstance(first, dict):
        alike = all(isinstance(x, dict) and x.keys() == first.keys() for x in inputs)
        return list(first) if alike else None
    if isinstance(first, (str, list, tuple)):
        alike = all(type(x) is type(first) and len(x) == len(first) for x in inputs)
        return range(len(first)) if alike else None
    return None


def _changed(inputs: Sequence[Value], key: str | int) -> list[tuple[int, Value]]:
    """Each input's row with this part from the next one that differs in it."""
    cells = [x[key] for x in inputs]  # type: ignore[index]
    found = []
    for row, x in enumerate(inputs):
        others = chain(cells[row + 1 :], cells[:row])
        other = next((cell for cell in others if cell != cells[row]), None)
        if other is not None or (None in cells and cells[row] is not None):
            found.append((row, _with(x, key, other)))
    return found


def _with(x: Value, key: str | int, cell: Value) -> Value:
    if isinstance(x, dict):
        return {**x, str(key): cell}
    return replaced(cast("Sequence[Value]", x), int(key), cell)


def _shown(answer: Prediction) -> str:
    return answer.kind if isinstance(answer, SampleError) else repr(answer)


def columns_read(tree: ast.Module, entry: str) -> frozenset[str] | None:
    """The columns that the function can read, or None where its code does not settle that.

    It is settled where the input is used as `x["column"]` alone.

    >>> columns_read(ast.parse("def f(x): return x['a'] + x['b']"), "f") == {"a", "b"}
    True
    """
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == entry]
    if len(functions) != 1 or len(functions[0].args.args) != 1 or is_rebound(tree, [entry]):
        return None
    if any(isinstance(n, ast.Name) and n.id in _SEE_ALL for n in ast.walk(tree)):
        return None
    name = functions[0].args.args[0].arg
    columns: set[str] = set()
    uses = 0
    for node in ast.walk(functions[0]):
        uses += isinstance(node, ast.Name) and node.id == name
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            column = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if node.value.id == name and isinstance(column, str):
                uses -= 1
                columns.add(column)
    return None if uses else frozenset(columns)
