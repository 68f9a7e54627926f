"""A label out of a model's reply."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from llmerm.baselines.targets import Numbers, targets
from llmerm.errors import DataError
from llmerm.losses import LARGEST
from llmerm.typing import Prediction, SampleError, Value
from llmerm.values import as_value, key

_LONGEST = 20_000
_WRAPPING = re.compile(r"^[\s`*_$]+|[\s`*_$.]+$")
_LEAD = re.compile(r"^.*(?:->|=>|:|=|\bis\b)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class LabelReader:
    """Reads replies as the labels that training had, or as other values of their kinds.

    Args:
        labels: those of the training samples.

    >>> LabelReader([True, False]).read("The label is: `true`")
    True
    """

    def __init__(self, labels: Sequence[Value]) -> None:
        by_key = {key(label): label for label in reversed(labels)}
        self._texts = {label for label in labels if isinstance(label, str)}
        by_text = {text.casefold(): text for text in sorted(self._texts)}
        self._known = {**{repr(v).casefold(): v for v in by_key.values()}, **by_text}
        self._kinds = set(map(_kind, labels))
        self._by_key = by_key
        self._is_number = isinstance(targets(labels), Numbers)

    def read(self, reply: str) -> Prediction:
        """The label in the reply; a `SampleError` where there is none.

        A text that is a label, or a literal, counts as it stands; else what follows an arrow, a
        colon or an "is" on the last line; else the one known label that the last line names.
        """
        lines = [line for line in reply[-_LONGEST:].splitlines() if line.strip("`* \t")]
        last = lines[-1] if lines else ""
        for text in (reply[-_LONGEST:], last, _LEAD.sub("", last)):
            for found in self._readings(_WRAPPING.sub("", text)):
                return found
        named = self._named(last)
        return named[0] if len(named) == 1 else SampleError("NoLabel", reply[:60])

    def _readings(self, text: str) -> Iterator[Value]:
        """What the text is, read as a whole."""
        if text in self._texts:
            yield text
        elif text.casefold() in self._known:
            yield self._known[text.casefold()]
        else:
            typed = map(self._typed, _literals(text))
            yield from (value for value in typed if _kind(value) in self._kinds)

    def _typed(self, value: Value) -> Value:
        """The value as the training label that it equals, if there is one."""
        if self._is_number and isinstance(value, int) and abs(value) < LARGEST:
            return float(value)
        return self._by_key.get(key(value), value)

    def _named(self, line: str) -> list[Value]:
        """The known labels, or the last number, that the line names."""
        if self._is_number:
            return [*filter(math.isfinite, map(float, _NUMBER.findall(line)[-1:]))]
        low = line.casefold()
        return list({key(v): v for t, v in self._known.items() if _names(low, t)}.values())


def _kind(value: Value) -> type:
    """Its type; lists and tuples are one kind, integers and floats another."""
    return {tuple: list, int: float}.get(type(value), type(value))


def _names(line: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(text)}(?![\w]|\.\w)", line))


def _literals(text: str) -> Iterator[Value]:
    """The text as a Python literal or as JSON, if it is one."""
    readers: tuple[Callable[[str], Any], ...] = (ast.literal_eval, json.loads)
    for reader in readers:
        try:
            found = as_value(reader(text), "a reply")
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError, DataError):
            continue
        if isinstance(found, dict) and len(found) == 1:
            (found,) = found.values()  # {"label": 1}
        yield found
        return
