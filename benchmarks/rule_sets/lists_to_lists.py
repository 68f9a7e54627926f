"""Rules from a list of numbers to a list."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, groupby, pairwise

from rule_sets.draws import distinct_numbers, numbers
from rule_sets.rule import Draw, Rule

ANY = numbers(range(2, 9)), numbers(range(12, 19))
NATURAL = numbers(range(2, 9), 0, 9), numbers(range(12, 19), 0, 9)
DISTINCT = distinct_numbers(range(2, 9)), distinct_numbers(range(12, 19))
EVEN = numbers([2, 4, 6, 8]), numbers([12, 14, 16])


def listed(
    name: str, rule: Callable[[list[int]], list[int]], draws: tuple[Draw, Draw] = ANY
) -> Rule:
    """A rule over two to eight numbers; elsewhere twelve to eighteen."""
    return Rule(name, rule, *draws)


def once(x: list[int]) -> list[int]:
    return list(dict.fromkeys(x))


RULES = (
    listed("sorted list", sorted),
    listed("sorted downwards", lambda x: sorted(x)[::-1]),
    listed("reversed", lambda x: x[::-1]),
    listed("the positive", lambda x: [v for v in x if v > 0]),
    listed("the even", lambda x: [v for v in x if v % 2 == 0]),
    listed("the odd, doubled", lambda x: [v * 2 for v in x if v % 2]),
    listed("doubled", lambda x: [v * 2 for v in x]),
    listed("three times plus one", lambda x: [3 * v + 1 for v in x]),
    listed("squared", lambda x: [v * v for v in x]),
    listed("absolute values", lambda x: [abs(v) for v in x]),
    listed("negative to zero", lambda x: [max(v, 0) for v in x]),
    listed("prefix sums", lambda x: list(accumulate(x))),
    listed("running maxima", lambda x: list(accumulate(x, max))),
    listed("suffix sums", lambda x: list(accumulate(x[::-1]))[::-1]),
    listed("each once, in order", once),
    listed("distinct sorted", lambda x: sorted(set(x))),
    listed("differences", lambda x: [b - a for a, b in pairwise(x)]),
    listed("sums of neighbours", lambda x: [a + b for a, b in pairwise(x)]),
    listed("rotated left", lambda x: x[1:] + x[:1]),
    listed("rotated right by two", lambda x: x[-2:] + x[:-2]),
    listed("every second number", lambda x: x[::2]),
    listed("ends swapped", lambda x: [x[-1], *x[1:-1], x[0]]),
    listed("without the ends", lambda x: x[1:-1]),
    listed("without the largest", lambda x: [v for v in x if v != max(x)]),
    listed("minus the smallest", lambda x: [v - min(x) for v in x]),
    listed("each times its place", lambda x: [i * v for i, v in enumerate(x)]),
    listed("halves exchanged", lambda x: x[len(x) // 2 :] + x[: len(x) // 2], EVEN),
    listed("neighbours swapped",
        lambda x: [v for a, b in zip(x[::2], x[1::2], strict=False) for v in (b, a)], EVEN),
    listed("above the mean", lambda x: [v for v in x if v * len(x) > sum(x)]),
    listed("above ten", lambda x: [v for v in x if v > 10]),
    listed("followed by its mirror", lambda x: x + x[::-1]),
    listed("followed by its sum", lambda x: [*x, sum(x)]),
    listed("plus its mirror, by place", lambda x: [a + b for a, b in zip(x, x[::-1], strict=True)]),
    listed("parities", lambda x: [v % 2 for v in x]),
    listed("ranks", lambda x: [sorted(x).index(v) for v in x], DISTINCT),
    listed("lengths of runs", lambda x: [len(list(run)) for _, run in groupby(x)], NATURAL),
    listed("one of each run", lambda x: [v for v, _ in groupby(x)], NATURAL),
    listed("values that occur once, in order",
        lambda x: [v for v in x if x.count(v) == 1], NATURAL),
    listed("the three smallest, sorted", lambda x: sorted(x)[:3]),
    listed("even first, then odd",
        lambda x: [v for v in x if v % 2 == 0] + [v for v in x if v % 2]),
    listed("each twice", lambda x: [v for v in x for _ in (0, 1)]),
    listed("places of the negative", lambda x: [i for i, v in enumerate(x) if v < 0]),
)  # fmt: skip
