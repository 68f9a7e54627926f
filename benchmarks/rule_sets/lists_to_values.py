"""Rules from a list of numbers to a number, or to a yes or no."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, groupby, pairwise

from rule_sets.draws import distinct_numbers, numbers, varied_numbers
from rule_sets.rule import Draw, Rule

ANY, LONGER = numbers(range(2, 10)), numbers(range(12, 21))
NATURAL, NATURAL_LONGER = numbers(range(2, 10), 0, 12), numbers(range(12, 21), 0, 12)
DISTINCT, DISTINCT_LONGER = distinct_numbers(range(2, 10)), distinct_numbers(range(12, 21))
VARIED, VARIED_LONGER = varied_numbers(range(2, 10)), varied_numbers(range(12, 21))
ODD, ODD_LONGER = numbers([3, 5, 7, 9]), numbers([13, 15, 17])


def number(
    name: str, rule: Callable[[list[int]], int], draws: tuple[Draw, Draw] = (ANY, LONGER)
) -> Rule:
    """A rule from two to nine numbers to one; elsewhere from twelve to twenty."""
    return Rule(name, rule, *draws)


def boolean(name: str, rule: Callable[[list[int]], bool]) -> Rule:
    """A rule from two to nine numbers to a yes or no; elsewhere from twelve to twenty."""
    return Rule(name, rule, VARIED, VARIED_LONGER, samples=200, balanced=True)


def longest_run(x: list[int]) -> int:
    return max(len(list(run)) for _, run in groupby(x))


NATURALS = (NATURAL, NATURAL_LONGER)
DISTINCTS = (DISTINCT, DISTINCT_LONGER)
RULES = (
    number("sum", sum),
    number("sum of the positive", lambda x: sum(v for v in x if v > 0)),
    number("sum of the even", lambda x: sum(v for v in x if v % 2 == 0)),
    number("sum of squares", lambda x: sum(v * v for v in x)),
    number("sum of absolute values", lambda x: sum(map(abs, x))),
    number("count of the negative", lambda x: sum(v < 0 for v in x)),
    number("count of the odd", lambda x: sum(v % 2 for v in x)),
    number("count above ten", lambda x: sum(v > 10 for v in x)),
    number("largest minus smallest", lambda x: max(x) - min(x)),
    number("second largest", lambda x: sorted(x)[-2]),
    number("second smallest of the distinct", lambda x: sorted(x)[1], DISTINCTS),
    number("place of the largest", lambda x: x.index(max(x))),
    number("place of the smallest from the end", lambda x: x[::-1].index(min(x))),
    number("place of the first negative, else -1",
        lambda x: next((i for i, v in enumerate(x) if v < 0), -1)),
    number("alternating sum", lambda x: sum(x[::2]) - sum(x[1::2])),
    number("sum of every second", lambda x: sum(x[::2])),
    number("number of runs", lambda x: len(list(groupby(x))), NATURALS),
    number("longest run", longest_run, NATURALS),
    number("distinct values", lambda x: len(set(x))),
    number("values that occur once", lambda x: sum(x.count(v) == 1 for v in x)),
    number("inversions",
        lambda x: sum(a > b for i, a in enumerate(x) for b in x[i + 1 :])),
    number("local peaks",
        lambda x: sum(a < b > c for a, b, c in zip(x, x[1:], x[2:], strict=False))),
    number("rises", lambda x: sum(a < b for a, b in pairwise(x))),
    number("median", lambda x: sorted(x)[len(x) // 2], (ODD, ODD_LONGER)),
    number("middle element", lambda x: x[len(x) // 2]),
    number("first plus last", lambda x: x[0] + x[-1]),
    number("product of the ends", lambda x: x[0] * x[-1]),
    number("largest step up or down", lambda x: max(abs(b - a) for a, b in pairwise(x))),
    number("sum of the three largest", lambda x: sum(sorted(x)[-3:])),
    number("how often the largest occurs", lambda x: x.count(max(x)), NATURALS),
    number("sum modulo seven", lambda x: sum(x) % 7),
    number("mean, rounded down", lambda x: sum(x) // len(x)),
    number("scalar product with the mirror",
        lambda x: sum(a * b for a, b in zip(x, x[::-1], strict=False))),
    number("sum without the extremes", lambda x: sum(x) - max(x) - min(x)),
    number("largest prefix sum", lambda x: max(accumulate(x))),
    number("as decimal digits", lambda x: int("".join(map(str, x))),
        (numbers(range(2, 7), 1, 9), numbers(range(8, 13), 1, 9))),
    number("sum of places times values", lambda x: sum(i * v for i, v in enumerate(x))),
    number("largest even, else zero", lambda x: max((v for v in x if v % 2 == 0), default=0)),
    number("most frequent, the smaller of equals",
        lambda x: max(sorted(set(x)), key=x.count), NATURALS),
    boolean("sorted", lambda x: x == sorted(x)),
    boolean("has a duplicate", lambda x: len(set(x)) < len(x)),
    boolean("list reads the same backwards", lambda x: x == x[::-1]),
    boolean("sum above twenty", lambda x: sum(x) > 20),
    boolean("all positive", lambda x: min(x) > 0),
    boolean("more even than odd", lambda x: sum(v % 2 == 0 for v in x) > sum(v % 2 for v in x)),
    boolean("largest in first place", lambda x: x[0] == max(x)),
    boolean("two neighbours equal", lambda x: any(a == b for a, b in pairwise(x))),
    boolean("length even and sum even", lambda x: len(x) % 2 == 0 and sum(x) % 2 == 0),
    boolean("the last exceeds the mean", lambda x: x[-1] * len(x) > sum(x)),
    boolean("contains zero or seven", lambda x: 0 in x or 7 in x),
)  # fmt: skip
