"""Boolean rules over strings of decimal digits."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable

from rule_sets.rule import Draw, Rule
from rule_sets.strings import either, uniform, varied

DIGITS = "0123456789"
PLAIN, PLAIN_LONGER = uniform(DIGITS, [8]), uniform(DIGITS, [14])
MIXED, MIXED_LONGER = varied(DIGITS, range(3, 10)), varied(DIGITS, range(12, 20))


def of_eight(name: str, rule: Callable[[str], bool]) -> Rule:
    """A rule over eight uniform digits; elsewhere fourteen."""
    return Rule(name, rule, PLAIN, PLAIN_LONGER, samples=200, balanced=True)


def of_any(
    name: str, rule: Callable[[str], bool], draw: Draw = MIXED, other: Draw | None = MIXED_LONGER
) -> Rule:
    """A rule over three to nine digits; elsewhere twelve to nineteen."""
    return Rule(name, rule, draw, other, samples=200, balanced=True)


def prime(x: int) -> bool:
    return x > 1 and all(x % d for d in range(2, math.isqrt(x) + 1))


def total(x: str) -> int:
    return sum(map(int, x))


def luhn(x: str) -> bool:
    doubled = [int(c) * 2 for c in x[-2::-2]]
    return (total(x[::-2]) + sum(d // 10 + d % 10 for d in doubled)) % 10 == 0


def among(low: int, high: int) -> Draw:
    return lambda rng: str(rng.randint(low, high))


def squares(low: int, high: int) -> Draw:
    return lambda rng: str(rng.randint(low, high) ** 2)


def steps(lengths: range) -> Draw:
    """Digits, each beside the one before it."""

    def draw(rng: random.Random) -> str:
        digits = [rng.randint(0, 9)]
        for _ in range(rng.choice(lengths) - 1):
            digits.append(min(9, max(0, digits[-1] + rng.choice((-1, 0, 1)))))
        return "".join(map(str, digits))

    return draw


def around(outer: Draw, furthest: int) -> Draw:
    """Digits with 13 or 31 put into them."""

    def draw(rng: random.Random) -> str:
        x = str(outer(rng))
        place = rng.randint(0, furthest)
        return x[:place] + rng.choice(("13", "31")) + x[place:]

    return draw


def made_of(symbols: str, lengths: range) -> Draw:
    return uniform(symbols, lengths)


def alternating(lengths: range) -> Draw:
    """Digits, even and odd by turns."""

    def draw(rng: random.Random) -> str:
        start = rng.randint(0, 1)
        return "".join(rng.choice(DIGITS[(start + i) % 2 :: 2]) for i in range(rng.choice(lengths)))

    return draw


RULES = (
    of_eight("digit sum even", lambda x: total(x) % 2 == 0),
    of_any("digit sum above thirty", lambda x: total(x) > 30),
    of_any("digit sum divisible by three", lambda x: total(x) % 3 == 0),
    of_any("divisible by seven", lambda x: int(x) % 7 == 0),
    of_eight("divisible by four", lambda x: int(x) % 4 == 0),
    of_any("divisible by eleven", lambda x: int(x) % 11 == 0),
    of_any("ends in 0 or 5", lambda x: x[-1] in "05"),
    of_any("digits never fall", lambda x: list(x) == sorted(x)),
    of_any("first digit exceeds the last", lambda x: x[0] > x[-1]),
    of_any("first digit equals the last", lambda x: x[0] == x[-1]),
    of_eight("contains a seven", lambda x: "7" in x),
    of_any("contains 13", lambda x: "13" in x, around(MIXED, 4), around(MIXED_LONGER, 9)),
    of_any("no zero", lambda x: "0" not in x),
    of_any("reads the same backwards", lambda x: x == x[::-1]),
    of_any(
        "all digits even",
        lambda x: set(x) <= set("02468"),
        either(MIXED, made_of("02468", range(3, 10))),
        either(MIXED_LONGER, made_of("02468", range(12, 20))),
    ),
    of_eight("digits at even places sum to an odd number", lambda x: total(x[::2]) % 2 == 1),
    of_any("five distinct digits or more", lambda x: len(set(x)) >= 5),
    of_eight("two equal digits adjacent", lambda x: any(a == b for a, b in itertools.pairwise(x))),
    of_any("prime", lambda x: prime(int(x)), among(10, 99_999), among(100_000, 9_999_999)),
    of_any(
        "square",
        lambda x: math.isqrt(int(x)) ** 2 == int(x),
        either(among(10, 99_999), squares(4, 316)),
        either(among(10**6, 10**9), squares(1000, 31622)),
    ),
    of_any("between 300 and 700", lambda x: 300 <= int(x) <= 700, among(0, 999), None),
    of_any("more even digits than odd", lambda x: sum(int(c) % 2 for c in x) * 2 < len(x)),
    of_any("the first digit is the largest", lambda x: x[0] == max(x)),
    of_any(
        "halves have equal digit sums",
        lambda x: total(x[: len(x) // 2]) == total(x[len(x) // 2 :]),
        uniform(DIGITS, [6]),
        uniform(DIGITS, [10]),
    ),
    of_eight(
        "last digit is that of the sum of the others", lambda x: total(x[:-1]) % 10 == int(x[-1])
    ),
    of_eight("Luhn's check holds", luhn),
    of_any(
        "even and odd digits by turns",
        lambda x: all((int(a) + int(b)) % 2 for a, b in itertools.pairwise(x)),
        either(MIXED, alternating(range(3, 10))),
        either(MIXED_LONGER, alternating(range(12, 20))),
    ),
    of_any("contains a three and a seven", lambda x: "3" in x and "7" in x),
    of_eight("an odd number of nines", lambda x: x.count("9") % 2 == 1),
    of_any("the last digit is prime", lambda x: x[-1] in "2357"),
    of_any(
        "neighbours differ by at most one",
        lambda x: all(abs(int(a) - int(b)) <= 1 for a, b in itertools.pairwise(x)),
        either(MIXED, steps(range(3, 10))),
        either(MIXED_LONGER, steps(range(12, 20))),
    ),
    of_any(
        "largest and smallest digit differ by seven or more",
        lambda x: int(max(x)) - int(min(x)) >= 7,
    ),
    of_eight("first two digits exceed the last two", lambda x: int(x[:2]) > int(x[-2:])),
    of_any(
        "no digit twice",
        lambda x: len(set(x)) == len(x),
        either(MIXED, lambda rng: "".join(rng.sample(DIGITS, rng.randint(3, 9)))),
        None,
    ),
    of_eight("larger when reversed", lambda x: int(x[::-1]) > int(x)),
    of_any("digit sum prime", lambda x: prime(total(x))),
    of_any(
        "divisible by its digit sum",
        lambda x: int(x) % total(x) == 0,
        among(10, 99_999),
        among(100_000, 99_999_999),
    ),
    of_any("starts odd and ends even", lambda x: int(x[0]) % 2 == 1 and int(x[-1]) % 2 == 0),
    of_any(
        "more digits above five than below",
        lambda x: sum(c > "5" for c in x) > sum(c < "5" for c in x),
    ),
    of_any("smallest digit at the end", lambda x: x[-1] == min(x)),
    of_any("as many zeros as ones", lambda x: x.count("0") == x.count("1")),
    of_any(
        "first digit divides evenly by three, or contains 00",
        lambda x: int(x[0]) % 3 == 0 or "00" in x,
    ),
)
