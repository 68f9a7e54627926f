"""Samples as text for a model: Python literals, one sample a line, and their kind in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmerm.samples import Samples
from llmerm.typing import Value
from llmerm.values import key

MANY = 12
"""With more different labels or characters than this, they are not listed."""


def lines(samples: Samples) -> Iterator[str]:
    r"""One line a sample, `input -> label`; the rows of a table are tuples in the columns' order.

    `repr` escapes what is not printable, so that no value can break its line.

    >>> list(lines(Samples.of([("a\n", True)])))
    ["'a\\n' -> True"]
    """
    columns = columns_of(samples.inputs)
    for x, y in samples:
        if columns is not None and isinstance(x, dict):
            yield f"{tuple(x[name] for name in columns)!r} -> {y!r}"
        else:
            yield f"{x!r} -> {y!r}"


def columns_of(inputs: Sequence[Value]) -> tuple[str, ...] | None:
    """The keys that all inputs have, if each is a dict with the same ones, else None."""
    first = inputs[0] if inputs else None
    if not isinstance(first, dict) or not first:
        return None
    same = all(isinstance(x, dict) and x.keys() == first.keys() for x in inputs)
    return tuple(first) if same else None


def described(inputs: Sequence[Value]) -> str:
    """What the inputs are, in words that follow "each input x is".

    >>> described(["0110", "1111"])
    "a string of 4 characters, each one of '0', '1'"
    """
    columns = columns_of(inputs)
    if columns is not None:
        return _row_described(inputs[0], columns)
    kinds = {type(x) for x in inputs}
    if kinds == {str}:
        return _text_described([x for x in inputs if isinstance(x, str)])
    if kinds in ({list}, {tuple}):
        sizes = [len(x) for x in inputs if isinstance(x, list | tuple)]
        return f"a {kinds.pop().__name__} of {_counted(sizes, 'item')}"
    return _kind(inputs)


def labels_described(labels: Sequence[Value]) -> str:
    """What the labels are, in words that follow "each label is".

    >>> labels_described(["no", "yes", "no"])
    "one of 'no', 'yes'"
    """
    by_key = {key(y): y for y in reversed(labels)}
    if 1 < len(by_key) <= MANY:
        return "one of " + ", ".join(repr(by_key[name]) for name in sorted(by_key))
    return _kind(labels)


def _row_described(first: Value, columns: Sequence[str]) -> str:
    return (
        f"a dict with the keys {', '.join(map(repr, columns))}; below, its values stand in that "
        f"order, so that the first x is {first!r}"
    )


def _text_described(texts: Sequence[str]) -> str:
    alphabet = sorted(set().union(*texts))
    length = _counted([len(text) for text in texts], "character")
    listed = f", each one of {', '.join(map(repr, alphabet))}" if 0 < len(alphabet) <= MANY else ""
    return f"a string of {length}{listed}"


def _counted(sizes: Sequence[int], noun: str) -> str:
    least, most = min(sizes), max(sizes)
    count = str(least) if least == most else f"{least} to {most}"
    return f"{count} {noun}{'s' * (most != 1)}"


_WORDS = {str: "a string", bool: "a bool", int: "an integer", float: "a float", dict: "a dict"}


def _kind(values: Sequence[Value]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {int, float}:
        return "a number"
    return _WORDS.get(kinds.pop(), "a Python value") if len(kinds) == 1 else "a Python value"
