"""Rules over whole numbers, tuples of numbers, and rows of a table."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from rule_sets.rule import Draw, Rule
from rule_sets.strings import either


def between(low: int, high: int) -> Draw:
    return lambda rng: rng.randint(low, high)


def tuples(count: int, low: int, high: int) -> Draw:
    return lambda rng: tuple(rng.randint(low, high) for _ in range(count))


def near_right_angled(rng: random.Random) -> tuple[int, int, int]:
    a, b, c = rng.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25)))
    times = rng.randint(1, 4)
    return a * times, b * times, c * times + rng.choice((0, 0, 1))


SMALL, LARGER = between(1, 300), between(1000, 9999)
PAIRS, PAIRS_LARGER = tuples(2, -20, 20), tuples(2, -200, 200)
TRIPLES, TRIPLES_LARGER = tuples(3, 1, 20), tuples(3, 50, 200)


def boolean(name: str, rule: Callable[..., bool], draw: Draw, other: Draw | None) -> Rule:
    return Rule(name, rule, draw, other, samples=200, balanced=True)


def valued(name: str, rule: Callable[..., object], draw: Draw, other: Draw | None = None) -> Rule:
    return Rule(name, rule, draw, other, samples=200)


def person(rng: random.Random) -> dict[str, object]:
    return {
        "age": rng.randint(0, 40),
        "height": rng.randint(100, 200),
        "member": rng.random() < 0.5,
        "city": rng.choice(["Rome", "Oslo", "Lima"]),
    }


def order(rng: random.Random) -> dict[str, object]:
    return {
        "price": rng.randint(1, 60),
        "count": rng.randint(1, 12),
        "express": rng.random() < 0.5,
        "country": rng.choice(["DE", "FR", "US"]),
    }


def box(rng: random.Random) -> dict[str, object]:
    return {name: rng.randint(1, 20) for name in ("width", "depth", "height", "weight")}


def loan(rng: random.Random) -> dict[str, object]:
    return {"income": rng.randint(10, 60), "debt": rng.randint(0, 40), "years": rng.randint(0, 9)}


def prime(x: int) -> bool:
    return x > 1 and all(x % d for d in range(2, math.isqrt(x) + 1))


def square(x: int) -> bool:
    return math.isqrt(x) ** 2 == x


def grade(x: int) -> str:
    return "good" if x >= 25 else "fair" if x >= 12 else "poor"


def fizz(x: int) -> str:
    return "fizz" * (x % 3 == 0) + "buzz" * (x % 5 == 0) or "none"


def leap(x: int) -> bool:
    return x % 4 == 0 and (x % 100 != 0 or x % 400 == 0)


def powers(limit: int) -> Draw:
    return lambda rng: 2 ** rng.randint(0, limit)


def squared(low: int, high: int) -> Draw:
    return lambda rng: rng.randint(low, high) ** 2


RULES = (
    boolean("divisible by six", lambda x: x % 6 == 0, SMALL, LARGER),
    boolean("above seventeen", lambda x: x > 17, between(0, 40), between(0, 400)),
    boolean("from nine to twenty-one", lambda x: 9 <= x <= 21, between(0, 40), None),
    boolean("a prime number", prime, SMALL, LARGER),
    boolean("a square number", square,
        either(SMALL, squared(1, 17)), either(LARGER, squared(32, 99))),
    boolean("a power of two", lambda x: x & (x - 1) == 0,
        either(SMALL, powers(8)), either(LARGER, powers(14))),
    boolean("leap year", leap,
        either(between(1600, 2400), lambda rng: 100 * rng.randint(16, 24)), None),
    boolean("odd number of ones in binary", lambda x: x.bit_count() % 2 == 1, SMALL, LARGER),
    boolean("digit sum divisible by four", lambda x: sum(map(int, str(x))) % 4 == 0, SMALL, LARGER),
    boolean("divisible by three or ends in seven",
        lambda x: x % 3 == 0 or x % 10 == 7, SMALL, LARGER),
    boolean("remainder by five exceeds two", lambda x: x % 5 > 2, SMALL, LARGER),
    valued("triangular number", lambda x: x * (x + 1) // 2, SMALL, LARGER),
    valued("Collatz step", lambda x: 3 * x + 1 if x % 2 else x // 2, SMALL, LARGER),
    valued("digit sum", lambda x: sum(map(int, str(x))), SMALL, LARGER),
    valued("ones in binary", lambda x: x.bit_count(), SMALL, LARGER),
    valued("rounded up to tens", lambda x: -(-x // 10) * 10, SMALL, LARGER),
    valued("digits turned round", lambda x: int(str(x)[::-1]), SMALL, LARGER),
    valued("distance from fifty", lambda x: abs(x - 50), SMALL, LARGER),
    valued("square plus one", lambda x: x * x + 1, SMALL, LARGER),
    valued("number of divisors", lambda x: sum(x % d == 0 for d in range(1, x + 1)), SMALL, None),
    valued("whole square root", math.isqrt, SMALL, LARGER),
    valued("fizz buzz", fizz, SMALL, LARGER),
    valued("grade", grade, between(0, 40)),
    valued("last two digits", lambda x: x % 100, SMALL, LARGER),
    boolean("sum above ten", lambda t: t[0] + t[1] > 10, PAIRS, PAIRS_LARGER),
    boolean("the first at least twice the second",
        lambda t: t[0] >= 2 * t[1], PAIRS, PAIRS_LARGER),
    boolean("inside a circle of radius twelve",
        lambda t: t[0] ** 2 + t[1] ** 2 <= 144, tuples(2, -15, 15), None),
    boolean("same parity", lambda t: (t[0] + t[1]) % 2 == 0, PAIRS, PAIRS_LARGER),
    boolean("opposite signs", lambda t: t[0] * t[1] < 0, PAIRS, PAIRS_LARGER),
    boolean("the first divides the second", lambda t: t[1] % t[0] == 0,
        tuples(2, 1, 30), tuples(2, 1, 200)),
    boolean("sides of a triangle", lambda t: sum(t) > 2 * max(t), TRIPLES, TRIPLES_LARGER),
    boolean("a right-angled triangle", lambda t: t[0] ** 2 + t[1] ** 2 == t[2] ** 2,
        either(near_right_angled, TRIPLES), None),
    boolean("the second is between the others",
        lambda t: t[0] < t[1] < t[2] or t[0] > t[1] > t[2], TRIPLES, TRIPLES_LARGER),
    valued("greatest common divisor", lambda t: math.gcd(*t),
        tuples(2, 1, 60), tuples(2, 100, 900)),
    valued("taxi distance", lambda t: abs(t[0] - t[2]) + abs(t[1] - t[3]),
        tuples(4, -9, 9), tuples(4, -90, 90)),
    valued("length of a rectangle's border", lambda t: 2 * (t[0] + t[1]),
        tuples(2, 1, 20), tuples(2, 50, 200)),
    valued("middle of three", lambda t: sorted(t)[1], TRIPLES, TRIPLES_LARGER),
    valued("which is larger",
        lambda t: "first" if t[0] > t[1] else "second" if t[1] > t[0] else "equal",
        tuples(2, 0, 9), PAIRS_LARGER),
    valued("determinant", lambda t: t[0] * t[3] - t[1] * t[2],
        tuples(4, -9, 9), tuples(4, -90, 90)),
    boolean("adult member", lambda r: r["age"] >= 18 and r["member"], person, None),
    boolean("from Rome or tall", lambda r: r["city"] == "Rome" or r["height"] > 180, person, None),
    boolean("may ride", lambda r: r["height"] >= 140 and r["age"] <= 30, person, None),
    valued("ticket",
        lambda r: "child" if r["age"] < 12 else "member" if r["member"] else "full", person),
    valued("total", lambda r: r["price"] * r["count"], order),
    valued("total with the express fee",
        lambda r: r["price"] * r["count"] + 5 * r["express"], order),
    valued("shipping", lambda r: "free" if r["price"] * r["count"] >= 100 else "paid", order),
    boolean("sent abroad in haste", lambda r: r["country"] != "DE" and r["express"], order, None),
    valued("volume", lambda r: r["width"] * r["depth"] * r["height"], box),
    valued("surface", lambda r: 2 * (r["width"] * r["depth"] + r["width"] * r["height"]
        + r["depth"] * r["height"]), box),
    boolean("heavy for its size", lambda r: r["weight"] > r["width"] + r["depth"], box, None),
    valued("longest side", lambda r: max(r["width"], r["depth"], r["height"]), box),
    boolean("granted", lambda r: r["income"] >= 2 * r["debt"] and r["years"] >= 2, loan, None),
    valued("score", lambda r: 3 * r["income"] - 2 * r["debt"] + 10 * r["years"], loan),
)  # fmt: skip
