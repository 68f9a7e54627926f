"""How lists of numbers are drawn: of many values, of few, sorted, and near those."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from rule_sets.rule import Draw


def numbers(
    lengths: Sequence[int], low: int = -9, high: int = 20
) -> Callable[[random.Random], list[int]]:
    """Lists of numbers; a third of them repeat the same few."""

    def draw(rng: random.Random) -> list[int]:
        length = rng.choice(lengths)
        if rng.random() < 0.33:
            few = [rng.randint(low, high) for _ in range(3)]
            return rng.choices(few, k=length)
        return [rng.randint(low, high) for _ in range(length)]

    return draw


def varied_numbers(lengths: Sequence[int], low: int = -9, high: int = 20) -> Draw:
    """Lists of numbers of every shape: sorted, mirrored, constant, with one number changed."""
    any_list = numbers(lengths, low, high)

    def draw(rng: random.Random) -> list[int]:
        x = any_list(rng)
        shape = rng.randrange(6)
        if shape == 0:
            x.sort()
        elif shape == 1:
            x = x[: len(x) - len(x) // 2] + x[: len(x) // 2][::-1]
        elif shape == 2:
            x = [x[0]] * len(x)
        if rng.random() < 0.3:
            x[rng.randrange(len(x))] = rng.randint(low, high)
        return x

    return draw


def distinct_numbers(lengths: Sequence[int], low: int = -9, high: int = 30) -> Draw:
    """Lists of numbers, none of them twice."""
    return lambda rng: rng.sample(range(low, high + 1), rng.choice(lengths))
