"""What a model on this machine makes of a description, beside random programs of its grammar.

Run as `python benchmarks/local_model.py --json [--program LLAMA_SERVER] [--weights FILE]`. Eleven
easy rules, 40 samples each, at most 16 draws; a rule is solved if the chosen program is right on
150 fresh inputs. The control draws as many programs at random from the same grammar.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import warnings
from collections.abc import Callable
from typing import NamedTuple

import llmerm
from llmerm.errors import LlmermWarning
from llmerm.proposers.local import Local
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.random_grammar import RandomGrammar

TARGET_SOLVED = 6
DRAWS = 16


class Rule(NamedTuple):
    """A rule, as a user would describe it, and what draws its inputs."""

    name: str
    description: str
    label: Callable[..., object]
    numbers: bool = False


RULES = (
    Rule("last bit", "the last character of the string, as an integer", lambda x: int(x[-1])),
    Rule("first bit", "the first character of the string, as an integer", lambda x: int(x[0])),
    Rule(
        "first is last",
        "1 if the first character equals the last character, else 0",
        lambda x: int(x[0] == x[-1]),
    ),
    Rule("contains 11", "1 if the string contains '11', else 0", lambda x: int("11" in x)),
    Rule(
        "majority",
        "1 if the string has more ones than zeros, else 0",
        lambda x: int(x.count("1") > x.count("0")),
    ),
    Rule(
        "parity",
        "1 if the number of ones in the string is odd, else 0",
        lambda x: x.count("1") % 2,
    ),
    Rule(
        "starts with 10",
        "1 if the string starts with '10', else 0",
        lambda x: int(x.startswith("10")),
    ),
    Rule("reverse", "the string reversed", lambda x: x[::-1]),
    Rule(
        "even length",
        "1 if the length of the string is even, else 0",
        lambda x: int(len(x) % 2 == 0),
    ),
    Rule("sum", "the sum of the numbers in the list", sum, numbers=True),
    Rule("maximum", "the largest number in the list", max, numbers=True),
)


def samples(rule: Rule, count: int, seed: str) -> list[tuple[object, object]]:
    """Labelled inputs: strings of 4 to 8 bits, or lists of 2 to 6 integers."""
    rng = random.Random(f"{rule.name} {seed}")
    inputs = [drawn(rule, rng) for _ in range(count)]
    return [(x, rule.label(x)) for x in inputs]


def drawn(rule: Rule, rng: random.Random) -> object:
    """One input."""
    if rule.numbers:
        return [rng.randint(-9, 9) for _ in range(rng.randint(2, 6))]
    return "".join(rng.choice("01") for _ in range(rng.randint(4, 8)))


def solved(rule: Rule, proposer: llmerm.Proposer) -> dict[str, object]:
    """Whether a fit finds the rule, with the program, the draws and the seconds."""
    started = time.perf_counter()
    result = llmerm.fit(
        samples(rule, 40, "fit"), k=DRAWS, description=rule.description, proposer=proposer
    )
    seconds = time.perf_counter() - started
    error = result.evaluate(samples(rule, 150, "test")).error
    return {
        "rule": rule.name,
        "solved": error == 0,
        "program": result.program.source,
        "draws": len(result.candidates),
        "seconds": round(seconds, 2),
    }


def main() -> None:
    """Prints the table or the object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--program")
    parser.add_argument("--weights")
    given = parser.parse_args()
    warnings.simplefilter("ignore", LlmermWarning)  # short inputs repeat on both sides
    local = ModelProposer(Local(given.weights, program=given.program))
    rows = {
        "local": [solved(rule, local) for rule in RULES],
        "random_grammar": [solved(rule, RandomGrammar()) for rule in RULES],
    }
    counts = {name: sum(bool(row["solved"]) for row in table) for name, table in rows.items()}
    figures = {
        "solved": counts,
        "of": len(RULES),
        "target": {"local": TARGET_SOLVED},
        "met": counts["local"] >= TARGET_SOLVED,
        "rules": rows,
    }
    print(json.dumps(figures, indent=2) if given.json else text(rows, counts))


def last(row: dict[str, object]) -> str:
    """The last line of a row's program."""
    return str(row["program"]).splitlines()[-1].strip()


def text(rows: dict[str, list[dict[str, object]]], counts: dict[str, int]) -> str:
    """The figures as lines."""
    lines = [
        f"{name:15} {row['rule']:15} {'solved' if row['solved'] else '-':7} "
        f"{row['draws']:>3} draws {row['seconds']:>6} s   {last(row)}"
        for name, table in rows.items()
        for row in table
    ]
    totals = [f"{name}: {count} of {len(RULES)}" for name, count in counts.items()]
    return "\n".join([*lines, *totals])


if __name__ == "__main__":
    main()
