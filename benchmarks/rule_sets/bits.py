"""Boolean rules over strings of bits."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import accumulate, groupby

from rule_sets.rule import Draw, Rule
from rule_sets.strings import either, plain, uniform, varied

PLAIN, PLAIN_LONGER = uniform("01", [24]), uniform("01", [40])
FIXED, FIXED_LONGER = varied("01", [24]), varied("01", [40])
EVEN, EVEN_LONGER = varied("01", range(8, 25, 2)), varied("01", range(30, 61, 2))
MIXED, MIXED_LONGER = varied("01", range(8, 25)), varied("01", range(30, 61))


def of_one_length(name: str, rule: Callable[[str], bool]) -> Rule:
    """A rule over uniform strings of 24 bits; elsewhere of 40."""
    return Rule(name, rule, PLAIN, PLAIN_LONGER, samples=200, balanced=True)


def of_one_length_varied(name: str, rule: Callable[[str], bool]) -> Rule:
    """A rule over strings of 24 bits of every shape; elsewhere of 40."""
    return Rule(name, rule, FIXED, FIXED_LONGER, samples=200, balanced=True)


def of_many_lengths(
    name: str, rule: Callable[[str], bool], draw: Draw = MIXED, other: Draw = MIXED_LONGER
) -> Rule:
    """A rule over strings of 8 to 24 bits; elsewhere of 30 to 60."""
    return Rule(name, rule, draw, other, samples=200, balanced=True)


def runs(x: str, symbol: str = "01") -> list[int]:
    return [len(list(run)) for bit, run in groupby(x) if bit in symbol]


def differing(x: str, y: str) -> int:
    return sum(a != b for a, b in zip(x, y, strict=True))


def halves(x: str) -> tuple[str, str]:
    return x[: len(x) // 2], x[len(x) // 2 :]


def complemented(length: int) -> Draw:
    """A string and then its complement, of that length in all."""

    def draw(rng: random.Random) -> str:
        half = plain(rng, "01", length // 2)
        return half + half.translate({48: 49, 49: 48})

    return draw


def with_ones_at(step: int, length: int) -> Draw:
    """A string whose every so manieth place holds a one."""

    def draw(rng: random.Random) -> str:
        return "".join("1" if i % step == 0 else rng.choice("01") for i in range(length))

    return draw


def climbing(lengths: range) -> Draw:
    """A string in which zeros seldom lead."""

    def draw(rng: random.Random) -> str:
        x = "".join(rng.choices("01", (2, 3), k=rng.choice(lengths)))
        return "11" + x[2:]

    return draw


def paired(lengths: range) -> Draw:
    """A string of blocks: zeros and pairs of ones."""
    return lambda rng: "".join(rng.choices(("0", "11"), k=rng.choice(lengths) * 2 // 3))


RULES = (
    of_one_length("more ones than zeros", lambda x: x.count("1") > x.count("0")),
    of_many_lengths("at most five ones", lambda x: x.count("1") <= 5),
    of_many_lengths("as many ones as zeros", lambda x: x.count("1") == x.count("0")),
    of_one_length("ones divisible by three", lambda x: x.count("1") % 3 == 0),
    of_many_lengths("ones modulo four below two", lambda x: x.count("1") % 4 < 2),
    of_one_length(
        "more ones in the first half", lambda x: halves(x)[0].count("1") > halves(x)[1].count("1")
    ),
    of_one_length("odd ones at even places", lambda x: x[::2].count("1") % 2 == 1),
    of_one_length(
        "more ones at odd places than at even", lambda x: x[1::2].count("1") > x[::2].count("1")
    ),
    of_many_lengths("more than twelve runs", lambda x: len(runs(x)) > 12),
    of_many_lengths("four ones in a row", lambda x: "1111" in x),
    of_many_lengths("a run of five of either", lambda x: max(runs(x)) >= 5),
    of_many_lengths(
        "longest run of ones exceeds that of zeros",
        lambda x: max(runs(x, "1"), default=0) > max(runs(x, "0"), default=0),
    ),
    of_one_length_varied("first run longer than last", lambda x: runs(x)[0] > runs(x)[-1]),
    of_many_lengths("three lone ones or more", lambda x: runs(x, "1").count(1) >= 3),
    of_one_length("contains 0110", lambda x: "0110" in x),
    of_many_lengths("avoids 101", lambda x: "101" not in x),
    of_many_lengths("contains 00 and 11", lambda x: "00" in x and "11" in x),
    of_one_length("contains 1111 or ends in 00", lambda x: "1111" in x or x.endswith("00")),
    of_one_length("third from the front equals third from the end", lambda x: x[2] == x[-3]),
    of_one_length("first two are the last two", lambda x: x[:2] == x[-2:]),
    of_many_lengths("starts with 1 and ends with 0", lambda x: x[0] == "1" and x[-1] == "0"),
    of_many_lengths("ends as it began", lambda x: x[0] == x[-1]),
    of_one_length_varied("first half is the second", lambda x: halves(x)[0] == halves(x)[1]),
    of_many_lengths(
        "second half is the complement of the first",
        lambda x: all(a != b for a, b in zip(*halves(x), strict=True)),
        either(FIXED, complemented(24)),
        either(FIXED_LONGER, complemented(40)),
    ),
    of_many_lengths("no two ones adjacent", lambda x: "11" not in x),
    of_many_lengths(
        "blocks of ones have even length",
        lambda x: all(n % 2 == 0 for n in runs(x, "1")),
        either(MIXED, paired(range(8, 25))),
        either(MIXED_LONGER, paired(range(30, 61))),
    ),
    of_many_lengths("alternates", lambda x: "00" not in x and "11" not in x),
    of_many_lengths("zeros then ones", lambda x: "10" not in x),
    of_many_lengths("at most one block of ones", lambda x: len(runs(x, "1")) <= 1),
    of_many_lengths(
        "even zeros and odd ones", lambda x: x.count("0") % 2 == 0 and x.count("1") % 2 == 1
    ),
    of_many_lengths("00 is always followed by 1", lambda x: re.search("00(0|$)", x) is None),
    of_one_length("divisible by three in binary", lambda x: int(x, 2) % 3 == 0),
    of_many_lengths("divisible by five in binary", lambda x: int(x, 2) % 5 == 0),
    of_one_length("last four bits make nine or more", lambda x: int(x[-4:], 2) >= 9),
    of_many_lengths("palindrome that starts with 1", lambda x: x[0] == "1" and x == x[::-1]),
    of_one_length_varied(
        "middle half is a palindrome", lambda x: (m := x[len(x) // 4 : -(len(x) // 4)]) == m[::-1]
    ),
    of_one_length_varied(
        "10 occurs more often than 111",
        lambda x: x.count("10") > len(re.findall("(?=111)", x)),
    ),
    of_many_lengths("01 occurs an even number of times", lambda x: x.count("01") % 2 == 0),
    of_many_lengths(
        "halves differ in five places or fewer",
        lambda x: differing(*halves(x)) <= 5,
        EVEN,
        EVEN_LONGER,
    ),
    of_many_lengths(
        "differs from its mirror in eight places or fewer", lambda x: differing(x, x[::-1]) <= 8
    ),
    of_one_length(
        "ones divisible by three or starts with 11",
        lambda x: x.count("1") % 3 == 0 or x.startswith("11"),
    ),
    of_one_length(
        "odd ones, flipped by the first", lambda x: (x.count("1") % 2 == 1) != (x[0] == "1")
    ),
    of_many_lengths("first one at an even place", lambda x: x.find("1") % 2 == 0),
    of_many_lengths("a one among the first three", lambda x: "1" in x[:3]),
    of_many_lengths(
        "zeros never lead",
        lambda x: min(accumulate(1 if c == "1" else -1 for c in x)) >= 0,
        either(MIXED, climbing(range(8, 25))),
        either(MIXED_LONGER, climbing(range(30, 61))),
    ),
    of_many_lengths(
        "every third place is a one",
        lambda x: "0" not in x[::3],
        either(FIXED, with_ones_at(3, 24)),
        either(FIXED_LONGER, with_ones_at(3, 40)),
    ),
    of_one_length("greater than its mirror", lambda x: x > x[::-1]),
    of_one_length(
        "as many ones in the first three as in the last three",
        lambda x: x[:3].count("1") == x[-3:].count("1"),
    ),
    of_one_length(
        "three places add up to odd", lambda x: (x[2] + x[5] + x[11]).count("1") % 2 == 1
    ),
    of_one_length("majority of the first five", lambda x: x[:5].count("1") >= 3),
    of_many_lengths("neither 000 nor 111", lambda x: "000" not in x and "111" not in x),
    of_one_length("not both ends zero", lambda x: x[0] == "1" or x[-1] == "1"),
)
