"""Inputs beside the training ones, to tell programs apart that agree on all training samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from llmerm.typing import Value

PROBES = 64
LEAST_PROBES, PROBE_CHARACTERS = 8, 1 << 18
"""Of long inputs fewer are made, but at least 8."""


def probes(inputs: Sequence[Value], *, seed: int) -> list[Value]:
    """Up to `PROBES` inputs made from pairs of training inputs: changed, cut, joined."""
    generator = np.random.Generator(np.random.PCG64([seed, 7]))
    if not inputs:
        return []
    size = len(str(inputs[0]))
    count = min(PROBES, max(LEAST_PROBES, PROBE_CHARACTERS // max(size, 1)))
    pairs = generator.integers(len(inputs), size=(count, 2))
    made = [_varied(inputs[int(i)], inputs[int(j)], generator) for i, j in pairs]
    # Only lengths like those seen: on others, spellings of one rule often differ.
    lengths = [len(x) for x in inputs if isinstance(x, (str, list))] or [0]
    low, high = min(lengths), max(lengths)
    return [x for x in made if not isinstance(x, (str, list)) or low <= len(x) <= high]


def behaviour(call: Callable[[Any], Any], inputs: Sequence[Value]) -> tuple[str, ...]:
    """What a program gives for each input, as text; an exception is a behaviour too."""
    return tuple(_outcome(call, x) for x in inputs)


def _outcome(call: Callable[[Any], Any], x: Value) -> str:
    try:
        value = call(x)
    except Exception as error:  # whatever an operator's source may raise on an unseen input
        return type(error).__name__
    return repr(int(value)) if isinstance(value, bool) else repr(value)


def _varied(a: Value, b: Value, generator: np.random.Generator) -> Value:
    if isinstance(a, bool) or a is None:
        return b
    if isinstance(a, int) and isinstance(b, int):
        return a + int(generator.integers(-3, 4)) if generator.random() < 0.5 else (a + b) // 2
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a + (b - a) * float(generator.random())
    if isinstance(a, dict) and isinstance(b, dict):
        return {k: (v if generator.random() < 0.5 else b.get(k, v)) for k, v in a.items()}
    if isinstance(a, str) and isinstance(b, str):
        return "".join(_spliced(list(a), list(b), generator))
    if isinstance(a, list) and isinstance(b, list):
        return _spliced(a, b, generator)
    return b


def _spliced(a: list[Any], b: list[Any], generator: np.random.Generator) -> list[Any]:
    """`a` with a third of its items from `b`, or its first part with the rest of `b`, or a part."""
    place = int(generator.integers(len(a) + 1))
    choice = generator.integers(3)
    if choice == 0 and b:
        return [b[i % len(b)] if generator.random() < 1 / 3 else v for i, v in enumerate(a)]
    return a[:place] + b[place:] if choice == 1 else a[place:]
