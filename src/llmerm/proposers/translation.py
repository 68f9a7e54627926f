"""Functions that a restored program holds the text of: they stand alone, and import inside."""

from __future__ import annotations

from collections.abc import Callable


def translated(
    value: object, letters: dict[int, str], names: dict[str, str], inner: dict[str, str]
) -> object:
    """The value with its letters and keys replaced; keys inside of it are replaced by `inner`.

    >>> translated({"ab": ["a", 1]}, {97: "z"}, {"ab": "c1"}, {})
    {'c1': ['z', 1]}
    """
    if isinstance(value, str):
        return value.translate(letters)
    if isinstance(value, list):
        return [translated(item, letters, inner, inner) for item in value]
    if isinstance(value, tuple):
        return tuple(translated(item, letters, inner, inner) for item in value)
    if isinstance(value, dict):
        return {
            names.get(name, name): translated(item, letters, inner, inner)
            for name, item in value.items()
        }
    return value


def between(
    forth: Callable[[object], object],
    function: Callable[..., object],
    back: Callable[[object], object],
) -> Callable[..., object]:
    """The function after `forth` and before `back`; where it calls itself, the function alone.

    >>> between(len, lambda x: x + 1, str)("abc")
    '4'
    """
    from functools import wraps

    inside = False

    @wraps(function)
    def renamed(*arguments: object, **named: object) -> object:
        nonlocal inside
        if inside:
            return function(*arguments, **named)
        inside = True
        try:
            return back(function(forth(*arguments)))
        finally:
            inside = False

    return renamed
