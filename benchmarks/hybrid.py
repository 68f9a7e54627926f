"""What a small model's drafts are worth to the search that they steer.

Run as `python benchmarks/hybrid.py --json [--program LLAMA_SERVER] [--weights FILE]`. For each of
16 easy rules a model on this machine drafts 16 programs from a description. Measured are the
draws until one of them is right, and the values that a search keeps, and its seconds, until its
first right program: unsteered, steered by these drafts, by the drafts for the other rules (is it
the rule, or any such rule?), and by as many random programs (is it the model?). "plain" is
enumeration by itself, "full" has solvers and goal-directed steps. Right is: on 150 fresh inputs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import time
import warnings
from collections.abc import Mapping, Sequence

from local_model import RULES, Rule, samples

import llmerm
from llmerm.errors import LlmermWarning
from llmerm.proposers.base import Proposer
from llmerm.proposers.local import Local
from llmerm.proposers.model_proposer import ModelProposer
from llmerm.proposers.random_grammar import RandomGrammar
from llmerm.search import Clock, Enumerator, Grammar, operator_counts
from llmerm.search.solvers.registry import default_solvers

DRAFTS, SECONDS = 16, 5.0
HARDER = (
    Rule("palindrome", "1 if the string equals its reverse, else 0", lambda x: int(x == x[::-1])),
    Rule(
        "ones by three",
        "1 if the number of ones is divisible by 3, else 0",
        lambda x: int(x.count("1") % 3 == 0),
    ),
    Rule(
        "two and two",
        "1 if the first two characters equal the last two, else 0",
        lambda x: int(x[:2] == x[-2:]),
    ),
    Rule(
        "range",
        "the largest number minus the smallest number",
        lambda x: max(x) - min(x),
        numbers=True,
    ),
    Rule(
        "sum by three",
        "the remainder of the sum of the numbers divided by 3",
        lambda x: sum(x) % 3,
        numbers=True,
    ),
)
Row = dict[str, object]


def drafted(proposer: Proposer, rule: Rule) -> tuple[list[str], float]:
    """The sources of the drafts for a rule, and the seconds that they took."""
    train = llmerm.Samples.of(samples(rule, 40, "fit")).described(rule.description)

    async def read() -> list[str]:
        return [one.source async for one in proposer.propose(train, DRAFTS, 0)]

    started = time.perf_counter()
    sources = asyncio.run(read())
    return sources, time.perf_counter() - started


def model_alone(rule: Rule, sources: Sequence[str]) -> Row:
    """The number of draws until the rule, None if it is not among them."""
    result = llmerm.verify(sources, samples(rule, 150, "test"))
    errors = [one.held_out_error for one in result.candidates]
    right = [draw for draw, error in enumerate(errors, 1) if error == 0]
    return {"draws": right[0] if right else None}


def searched(rule: Rule, prior: Mapping[str, float], *, plain: bool) -> Row:
    """The values kept and the seconds until the first right program; None without one."""
    train = llmerm.Samples.of(samples(rule, 40, "fit"))
    fresh = samples(rule, 150, "test")
    search = Enumerator(
        Grammar.infer(train).reweighted(prior),
        train,
        solvers=() if plain else default_solvers(),
        goal_directed=not plain,
        clock=Clock(SECONDS),
    )
    started = time.perf_counter()
    for found in search.candidates():
        names: dict[str, object] = {}
        exec(found.source, names)  # a program of the grammar
        if all(names["f"](x) == y for x, y in fresh):  # type: ignore[operator]
            kept = sum(column.count for column in search._levels.bank.columns.values())
            return {"kept": kept, "seconds": round(time.perf_counter() - started, 3)}
    return {"kept": None, "seconds": None}


def measured(rules: Sequence[Rule], drafts: Mapping[str, Sequence[str]]) -> dict[str, Row]:
    """For each rule, every search under every prior."""
    rows: dict[str, Row] = {}
    for rule in rules:
        grammar = Grammar.infer(llmerm.Samples.of(samples(rule, 40, "fit")))
        others = [s for name, sources in drafts.items() if name != rule.name for s in sources]
        priors = {
            "unsteered": {},
            "drafts": operator_counts(grammar, drafts[rule.name]),
            "other rules": operator_counts(grammar, others),
            "random": operator_counts(grammar, drafted(RandomGrammar(), rule)[0]),
        }
        rows[rule.name] = {
            f"{kind}, {name}": searched(rule, prior, plain=kind == "plain")
            for kind in ("plain", "full")
            for name, prior in priors.items()
        }
    return rows


def speed_ups(rows: Mapping[str, Row]) -> dict[str, Row]:
    """The geometric mean of values kept unsteered by those kept steered, where both find it."""
    table: dict[str, Row] = {}
    for way in next(iter(rows.values())):
        base = way.partition(",")[0] + ", unsteered"
        pairs = [(row[base]["kept"], row[way]["kept"]) for row in rows.values()]  # type: ignore[index]
        logs = [math.log(a / b) for a, b in pairs if a and b]
        table[way] = {
            "solved": sum(b is not None for _, b in pairs),
            "compared": len(logs),
            "fewer_values": round(math.exp(sum(logs) / len(logs)), 2) if logs else None,
        }
    return table


def main() -> None:
    """Prints the object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--program")
    parser.add_argument("--weights")
    given = parser.parse_args()
    warnings.simplefilter("ignore", LlmermWarning)  # short inputs repeat
    local = ModelProposer(Local(given.weights, program=given.program))
    rules = (*RULES, *HARDER)
    made = {rule.name: drafted(local, rule) for rule in rules}
    drafts = {name: sources for name, (sources, _) in made.items()}
    rows = measured(rules, drafts)
    alone = {
        rule.name: model_alone(rule, drafts[rule.name]) | {"seconds": round(made[rule.name][1], 2)}
        for rule in rules
    }
    figures = {
        "summary": speed_ups(rows),
        "model_solved": sum(row["draws"] is not None for row in alone.values()),
        "model_seconds": round(sum(seconds for _, seconds in made.values()), 1),
        "of": len(rules),
        "model": alone,
        "rules": rows,
    }
    print(json.dumps(figures, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
