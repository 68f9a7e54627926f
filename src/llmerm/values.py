"""JSON-like values: checked on the way in, compared by content."""

from __future__ import annotations

import json
import math
from typing import cast

from llmerm.errors import DataError
from llmerm.typing import Value

_ALLOWED = "str, int, float, bool, None, or a list, tuple or dict of these"


def as_value(thing: object, where: str) -> Value:
    """The plain value that `thing` stands for; numpy scalars and arrays become Python's own.

    Args:
        thing: anything a user may pass as an input or a label.
        where: how to name its place in an error, such as "the label of sample 3".

    Raises:
        DataError: if it is no JSON-like value, or a float that is not finite.

    >>> as_value((1, 2.5, None), "the input of sample 0")
    (1, 2.5, None)
    """
    kind = type(thing)
    if kind in (str, int, bool, type(None)):
        return cast("Value", thing)
    if kind is float:
        return _finite(cast("float", thing), where)
    if hasattr(thing, "dtype") and hasattr(thing, "tolist"):
        return as_value(thing.tolist(), where)
    if kind is dict:
        return _as_dict(cast("dict[object, object]", thing), where)
    if kind is list:
        return [as_value(item, where) for item in cast("list[object]", thing)]
    if isinstance(thing, tuple):
        return tuple(as_value(item, where) for item in thing)
    raise DataError(
        f"{where} is {_short(thing)} of type {kind.__name__}, which cannot be compared by value. "
        f"Expected {_ALLOWED}; convert it first."
    )


def _finite(number: float, where: str) -> float:
    if not math.isfinite(number):
        raise DataError(
            f"{where} is {number}. Expected a finite number; use None where it is missing."
        )
    return number


def _as_dict(items: dict[object, object], where: str) -> Value:
    for key in items:
        if type(key) is not str:
            raise DataError(
                f"{where} has the key {_short(key)}. Expected str keys; convert them first."
            )
    return {cast("str", key): as_value(item, where) for key, item in items.items()}


def _short(thing: object) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else text[:57] + "..."


def canonical(value: Value) -> Value:
    """`value` with tuples as lists, the form in which predictions come back from a sandbox.

    >>> canonical((1, (2, 3)))
    [1, [2, 3]]
    """
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    return value


def key(value: Value) -> str:
    """A text that is equal for equal values: 1, 1.0 and True are one value, '1' is another.

    >>> key(1) == key(True) == key(1.0) != key("1")
    True
    """
    return json.dumps(_numbers_merged(canonical(value)), sort_keys=True)


def _numbers_merged(value: Value) -> Value:
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    if isinstance(value, list):
        return [_numbers_merged(item) for item in value]
    if isinstance(value, dict):
        return {name: _numbers_merged(item) for name, item in value.items()}
    return value
