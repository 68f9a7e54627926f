"""Transformations of one to four texts from two to four examples: which are exact on fresh inputs.

Run as `python benchmarks/rules.py --json`. Each rule is fitted from its first examples alone
(`held_out=0`) and scored on inputs that its own generator draws afresh. A third of the rules,
those with `aside`, was run only after the solver was written; their author is the same.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import llmerm
from llmerm.proposers.enumerator import Enumerate

FRESH = 1000
SECONDS = 2.0
NAMES = ["john", "mary", "al", "zoe", "robert", "anna", "kim", "xavier", "lee", "olga"]


@dataclass(frozen=True)
class Rule:
    """A hidden rule, how its inputs are drawn, and how many examples are shown."""

    name: str
    rule: Callable[..., str]
    draw: Callable[[random.Random], object]
    examples: int = 3
    aside: bool = False


def name(rng: random.Random) -> str:
    return rng.choice(NAMES).capitalize()


def pair(rng: random.Random) -> tuple[str, str]:
    return name(rng), name(rng)


def full(rng: random.Random) -> str:
    return f"{name(rng)} {name(rng)}"


def words(rng: random.Random) -> str:
    return " ".join(rng.choice(NAMES) for _ in range(rng.randint(2, 5)))


def number(rng: random.Random) -> str:
    return str(rng.randint(1, 10 ** rng.randint(1, 8)))


def date(rng: random.Random) -> str:
    return f"{rng.randint(1900, 2099)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def phone(rng: random.Random) -> str:
    return f"{rng.randint(100, 999)}-{rng.randint(100, 999)}-{rng.randint(1000, 9999)}"


def mail(rng: random.Random) -> str:
    return f"{rng.choice(NAMES)}.{rng.choice(NAMES)}@{rng.choice(NAMES)}.com"


def file(rng: random.Random) -> str:
    return ".".join([*words(rng).split()[:2], rng.choice(["txt", "pdf", "c", "html"])])


def four(rng: random.Random) -> tuple[str, str, str, str]:
    return rng.choice(["Mr", "Ms", "Dr"]), name(rng), name(rng), name(rng)


def measure(rng: random.Random) -> str:
    return number(rng) + rng.choice(["kg", "lb", "m", "km"])


RULES = (
    Rule("first name", lambda x: x.split()[0], full),
    Rule("last word", lambda x: x.split()[-1], words, aside=True),
    Rule("initials of a pair", lambda x: f"{x[0][0]}.{x[1][0]}.", pair, 2),
    Rule("surname and initial", lambda x: f"{x[1]}, {x[0][0]}.", pair, 2),
    Rule("pair with a comma", lambda x: f"{x[1]}, {x[0]}", pair, 2),
    Rule("date, days first", lambda x: "/".join(x.split("-")[::-1]), date),
    Rule("year", lambda x: x[:4], date, aside=True),
    Rule("month and year", lambda x: f"{x[5:7]}/{x[:4]}", date, aside=True),
    Rule("extension", lambda x: x.split(".")[-1], file),
    Rule("without extension", lambda x: x.rpartition(".")[0], file, 4, aside=True),
    Rule("phone in parentheses", lambda x: f"({x[:3]}) {x[4:]}", phone),
    Rule("phone with dots", lambda x: x.replace("-", "."), phone, aside=True),
    Rule("digits of a phone", lambda x: x.replace("-", ""), phone, aside=True),
    Rule("domain", lambda x: x.partition("@")[2], mail),
    Rule("user", lambda x: x.partition("@")[0], mail, 2, aside=True),
    Rule("name of a mail", lambda x: x.partition("@")[0].replace(".", " ").title(), mail),
    Rule("padded", lambda x: x.zfill(9), number),
    Rule("thousands", lambda x: f"{int(x):,}", number, 4),
    Rule("unit apart", lambda x: x.rstrip("kgmlb") + " " + x.lstrip("0123456789"), measure),
    Rule("unit", lambda x: x.lstrip("0123456789"), measure, 4, aside=True),
    Rule("capitals of words", lambda x: "".join(w[0].upper() for w in x.split()), words),
    Rule("title", str.title, words, 2),
    Rule("upper", str.upper, words, 2, aside=True),
    Rule("snake", lambda x: x.replace(" ", "_"), words),
    Rule("words backwards", lambda x: " ".join(x.split()[::-1]), words),
    Rule("each word backwards", lambda x: " ".join(w[::-1] for w in x.split()), words),
    Rule("second word", lambda x: x.split()[1], words, 4),
    Rule("sorted words", lambda x: " ".join(sorted(x.split())), words, 4),
    Rule("address", lambda x: f"{x[0][0].lower()}{x[1].lower()}@acme.org", pair),
    Rule("four parts", lambda x: f"{x[0]} {x[1][0]}. {x[2][0]}. {x[3]}", four),
    Rule("title and surname", lambda x: f"{x[0]} {x[3]}", four, aside=True),
    Rule("mirror", lambda x: x + x[::-1], name),
    Rule("backwards", lambda x: x[::-1], words, aside=True),
    Rule("without vowels", lambda x: "".join(c for c in x if c not in "aeiou"), words, 5),
    Rule("every second", lambda x: x[::2], words, aside=True),
    Rule("each once", lambda x: "".join(dict.fromkeys(x)), words, 5),
)


def measured(rule: Rule) -> dict[str, object]:
    rng = random.Random(rule.name)
    inputs = list(islice(dict.fromkeys(rule.draw(rng) for _ in range(99)), rule.examples))
    started = time.perf_counter()
    with warnings.catch_warnings(action="ignore"):
        result = llmerm.fit(
            [(x, rule.rule(x)) for x in inputs], proposer=Enumerate(seconds=SECONDS), held_out=0
        )
    seconds = time.perf_counter() - started
    fresh = [rule.draw(rng) for _ in range(FRESH)]
    right = sum(p == rule.rule(x) for p, x in zip(result.predict(fresh), fresh, strict=True))
    return {
        "aside": rule.aside,
        "exact": right == FRESH,
        "right": right / FRESH,
        "seconds": seconds,
        "source": result.program.source,
    }


def main() -> None:
    rows = {rule.name: measured(rule) for rule in RULES}
    shares = {}
    for label, aside in (("tuned", False), ("aside", True)):
        part = [row["exact"] for row in rows.values() if row["aside"] == aside]
        shares[label] = sum(part) / len(part)
    targets = {f"exact_{k}": {"value": v, "limit": 0.9, "met": v >= 0.9} for k, v in shares.items()}
    seconds = [row["seconds"] for row in rows.values()]
    figures = {
        "rules": rows,
        "median_seconds": statistics.median(seconds),
        "worst_seconds": max(seconds),
    }
    json.dump({"figures": figures, "targets": targets}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
