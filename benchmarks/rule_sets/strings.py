"""How strings over a few symbols are drawn: plain, in runs, mirrored, sorted, and near those."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from rule_sets.rule import Draw


def plain(rng: random.Random, symbols: str, length: int) -> str:
    return "".join(rng.choices(symbols, k=length))


def biased(rng: random.Random, symbols: str, length: int) -> str:
    weights = [rng.random() ** 2 + 0.02 for _ in symbols]
    return "".join(rng.choices(symbols, weights, k=length))


def in_runs(rng: random.Random, symbols: str, length: int) -> str:
    runs = (rng.choice(symbols) * rng.randint(1, 5) for _ in range(length))
    return "".join(runs)[:length]


def mirrored(rng: random.Random, symbols: str, length: int) -> str:
    half = plain(rng, symbols, length - length // 2)
    return half + half[::-1][length % 2 :]


def repeated(rng: random.Random, symbols: str, length: int) -> str:
    block = plain(rng, symbols, rng.choice((1, 2, 3, 4, max(1, length // 2))))
    return (block * length)[:length]


def ordered(rng: random.Random, symbols: str, length: int) -> str:
    return "".join(sorted(biased(rng, symbols, length)))


def changed(rng: random.Random, symbols: str, x: str) -> str:
    """The string with one place drawn anew: a near miss."""
    place = rng.randrange(len(x))
    return x[:place] + rng.choice(symbols) + x[place + 1 :]


SHAPES: tuple[Callable[[random.Random, str, int], str], ...] = (
    plain, plain, biased, biased, in_runs, in_runs, mirrored, repeated, ordered,
)  # fmt: skip


def uniform(symbols: str, lengths: Sequence[int]) -> Draw:
    """Strings with every symbol drawn alike."""
    return lambda rng: plain(rng, symbols, rng.choice(lengths))


def varied(symbols: str, lengths: Sequence[int]) -> Draw:
    """Strings of every shape, a third of them with one place changed."""

    def draw(rng: random.Random) -> str:
        x = rng.choice(SHAPES)(rng, symbols, rng.choice(lengths))
        return changed(rng, symbols, x) if rng.random() < 0.3 else x

    return draw


def either(*draws: Draw) -> Draw:
    """One of the ways to draw, each as often."""
    return lambda rng: rng.choice(draws)(rng)
