"""JSON-like values: checked on the way in, compared by content."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from types import NoneType
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
        plain = thing.tolist()
        if type(plain) is not kind:  # else Python has none like it: a long double
            return as_value(plain, where, depth)
    if kind in (list, dict) or isinstance(thing, tuple):
        return _as_container(thing, where, depth)
    raise DataError(
        f"{where} is {_short(thing)} of type {kind.__name__}, which cannot be compared by value. "
        f"Expected {_ALLOWED}; convert it first."
    )


def are_plain(things: Sequence[object]) -> bool:
    """Whether all are atoms, or rows of atoms by place or name, that `as_value` gives as they are.

    It is a quick look at many: where it says False, they may still be plain.

    >>> are_plain([{"a": 1.5}, {"a": 2.0}]), are_plain([float("nan")]), are_plain([[1], (2,)])
    (True, False, False)
    """
    kinds = {*map(type, things)}
    if kinds == {list}:
        return _all_of_a_size(things) and all(
            map(_are_atoms, zip(*cast(_Rows, things), strict=True))
        )
    if kinds == {dict}:
        names = list(cast(_Rows, things)[0])
        return _all_of_a_size(things) and _are_atoms_by_name(names, things)
    return _are_atoms(things)


_Rows = Sequence[Sequence[object]]


def _all_of_a_size(rows: Sequence[object]) -> bool:
    return len({*map(len, cast(_Rows, rows))}) == 1


def _are_atoms_by_name(names: list[object], rows: Sequence[object]) -> bool:
    try:
        columns = ([*map(itemgetter(name), cast("Sequence[Any]", rows))] for name in names)
        return {*map(type, names)} <= {str} and all(map(_are_atoms, columns))
    except KeyError:
        return False


def _are_atoms(things: Sequence[object]) -> bool:
    kinds = {*map(type, things)}
    if not kinds & {int, float}:
        return kinds <= {str, bool, NoneType}
    if kinds <= {str, int, float, bool, NoneType}:
        few = kinds <= {int, float, bool}
        numbers = things if few else [thing for thing in things if isinstance(thing, (int, float))]
        return _are_finite(cast("Sequence[float]", numbers))
    return False


def _are_finite(numbers: Sequence[float]) -> bool:
    """Whether the sum is finite: then none of the numbers is infinite, NaN or beyond floats."""
    try:
        return math.isfinite(math.fsum(numbers))
    except (OverflowError, ValueError):  # beyond floats; or infinities of both signs
        return False


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


def is_whole(value: object, least: int) -> bool:
    """Whether it is an int of at least `least`; True and False are none.

    >>> is_whole(3, 1), is_whole(0, 1), is_whole(True, 1), is_whole(2.0, 1)
    (True, False, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def key(value: Value) -> str:
    """A text that is equal for equal values: 1, 1.0 and True are one value, '1' is another.

    >>> key(1) == key(True) == key(1.0) != key("1")
    True
    """
    write = _WRITERS.get(type(value))
    return write(value) if write else json.dumps(value, sort_keys=True)


def json_text(value: Value) -> str:
    """What `json.dumps` writes, with sorted keys; faster for atoms.

    >>> json_text(1.0), json_text(True), json_text({"b": 1, "a": None})
    ('1.0', 'true', '{"a": null, "b": 1}')
    """
    write = _JSON_WRITERS.get(type(value))
    return write(value) if write else json.dumps(value, sort_keys=True)


_quoted = json.encoder.encode_basestring_ascii
_JSON_WRITERS: dict[type, Callable[[Any], str]] = {
    int: int.__repr__,
    float: float.__repr__,
    str: _quoted,
    bool: lambda truth: "true" if truth else "false",
    type(None): lambda _: "null",
}


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


def replaced(x: Sequence[Value], place: int, item: Value) -> Value:
    """The text, list or tuple with another item at one place.

    >>> replaced("0110", 0, "1")
    '1110'
    """
    if isinstance(x, str):
        return f"{x[:place]}{item}{x[place + 1 :]}"
    changed = [*x[:place], item, *x[place + 1 :]]
    return tuple(changed) if isinstance(x, tuple) else changed


def for_json(content: object, odd: Callable[[float], object]) -> object:
    """The content with `odd` of each float that JSON cannot hold; tuples become lists.

    >>> for_json({"a": (1.0, float("inf"))}, str)
    {'a': [1.0, 'inf']}
    """
    if isinstance(content, float) and not math.isfinite(content):
        return odd(content)
    if isinstance(content, Mapping):
        return {name: for_json(item, odd) for name, item in content.items()}
    if isinstance(content, (list, tuple)):
        return [for_json(item, odd) for item in content]
    return content
