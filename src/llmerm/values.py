"""JSON-like values: checked on the way in, compared by content."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, cast

from llmerm.errors import DataError
from llmerm.typing import Value

_ALLOWED = "str, int, float, bool, None, or a list, tuple or dict of these"


MAX_DEPTH = 32
"""Lists, tuples and dicts may be nested this deep."""
MAX_DIGITS = 4_000
"""Integers may have this many digits."""
_TOO_LARGE = 10**MAX_DIGITS


def as_value(thing: object, where: str, depth: int = 0) -> Value:
    """The plain value that `thing` stands for; numpy scalars and arrays become Python's own.

    Args:
        thing: anything a user may pass as an input or a label.
        where: how to name its place in an error, such as "the label of sample 3".
        depth: how deep it lies inside another value.

    Raises:
        DataError: if it is no JSON-like value, nested more than 32 deep, a float that is not
            finite, or an integer of more than 4,000 digits.

    >>> as_value((1, 2.5, None), "the input of sample 0")
    (1, 2.5, None)
    """
    kind = type(thing)
    if kind in (str, bool, type(None)):
        return cast("Value", thing)
    if kind in (int, float):
        return _sound(cast("int | float", thing), where)
    if hasattr(thing, "dtype") and hasattr(thing, "tolist"):
        return as_value(thing.tolist(), where, depth)
    if kind in (list, dict) or isinstance(thing, tuple):
        return _as_container(thing, where, depth)
    raise DataError(
        f"{where} is {_short(thing)} of type {kind.__name__}, which cannot be compared by value. "
        f"Expected {_ALLOWED}; convert it first."
    )


def _sound(number: int | float, where: str) -> int | float:
    if isinstance(number, int):
        if abs(number) >= _TOO_LARGE:
            raise DataError(f"{where} has more than {MAX_DIGITS:,} digits. Pass it as text.")
    elif not math.isfinite(number):
        raise DataError(f"{where} is {number}, expected a finite number. Missing is None.")
    return number


def _as_container(things: object, where: str, depth: int) -> Value:
    if depth == MAX_DEPTH:
        raise DataError(f"{where} is nested more than {MAX_DEPTH} deep. Flatten it first.")
    if isinstance(things, dict):
        _check_keys(things, where)
        return {key: as_value(item, where, depth + 1) for key, item in things.items()}
    items = [as_value(item, where, depth + 1) for item in cast("list[object]", things)]
    return tuple(items) if isinstance(things, tuple) else items


def _check_keys(items: dict[object, object], where: str) -> None:
    for key in items:
        if type(key) is not str:
            raise DataError(f"{where} has the key {_short(key)}, expected str keys. Convert them.")


def _short(thing: object) -> str:
    text = ascii(thing)
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
    write = _WRITERS.get(type(value))
    return write(value) if write else json.dumps(value, sort_keys=True)


_quoted = json.encoder.encode_basestring_ascii


def _float_key(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _list_key(items: list[Value] | tuple[Value, ...]) -> str:
    return f"[{', '.join(map(key, items))}]"


def _dict_key(items: dict[str, Value]) -> str:
    return f"{{{', '.join(f'{_quoted(name)}: {key(items[name])}' for name in sorted(items))}}}"


# A function for each type, as this is called for every value of every sample.
_WRITERS: dict[type, Callable[[Any], str]] = {
    int: str,
    str: _quoted,
    float: _float_key,
    bool: lambda truth: "1" if truth else "0",
    type(None): lambda _: "null",
    list: _list_key,
    tuple: _list_key,
    dict: _dict_key,
}
