"""What goes into the sandbox, by value: the inputs once, and the source of each candidate."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import NamedTuple, cast

from llmerm.errors import ArgumentError, DataError
from llmerm.sandbox.child import is_unicode
from llmerm.typing import Failed, Value
from llmerm.values import are_plain, as_value

MAX_SOURCE = 100_000
"""Characters of source; a longer one is refused unread."""


class Inputs(NamedTuple):
    """Inputs as the zygote takes them: marshalled one by one if calls could change them."""

    values: list[Value] | list[bytes]
    mutable: bool


def pack(inputs: Sequence[Value]) -> Inputs:
    """The inputs ready to be sent.

    Raises:
        DataError: naming the first input that cannot be carried by value.

    >>> pack(["01", "10"])
    Inputs(values=['01', '10'], mutable=False)
    """
    values = plain(inputs)
    if _any_mutable(values):
        return Inputs([marshal.dumps(value) for value in values], mutable=True)
    return Inputs(values, mutable=False)


def plain(inputs: Sequence[object]) -> list[Value]:
    """The plain values that inputs stand for.

    Raises:
        DataError: naming the first that cannot be carried by value.
    """
    if are_plain(inputs):
        return [*cast("Sequence[Value]", inputs)]
    return [as_input(x, index) for index, x in enumerate(inputs)]


def as_input(thing: object, index: int) -> Value:
    """The plain value that input `index` stands for.

    Raises:
        DataError: if it cannot be carried by value.
    """
    try:
        return as_value(thing, f"input {index}")
    except RecursionError:
        raise DataError(
            f"input {index} is nested too deeply, or contains itself. Expected a plain value."
        ) from None


def _any_mutable(values: Sequence[Value]) -> bool:
    kinds = {*map(type, values)}
    return bool(kinds & {list, dict}) or (tuple in kinds and any(map(_is_mutable, values)))


def _is_mutable(value: Value) -> bool:
    if isinstance(value, tuple):
        return any(_is_mutable(item) for item in value)
    return isinstance(value, list | dict)


def refused(source: str) -> Failed | None:
    """Why this source is not even sent, or None.

    Raises:
        ArgumentError: if it is no text.

    >>> refused("   ")
    Failed(reason='empty', detail='')
    """
    if not isinstance(source, str):
        raise ArgumentError(
            f"a source must be str, got {type(source).__name__}. Decode bytes first, as UTF-8: "
            "bytes.decode()."
        )
    if not source.strip():
        return Failed("empty")
    if len(source) > MAX_SOURCE:
        return Failed("too_long", f"{len(source):,} characters, at most {MAX_SOURCE:,} are read")
    if "\0" in source:
        return Failed("syntax_error", "the source contains a null byte")
    if not is_unicode(source):
        return Failed("syntax_error", "the source contains a lone surrogate")
    return None
