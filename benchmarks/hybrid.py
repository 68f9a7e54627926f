"""What a small model's drafts are worth to the search that they steer.

Run as `python benchmarks/hybrid.py --json [--program LLAMA_SERVER] [--weights FILE]`. For each of
16 easy rules a model on this machine drafts 16 programs from a description. Measured are the values
that a search keeps, and its seconds, until its first program that is right on 150 fresh inputs:
unsteered, steered by these drafts, by the drafts for the other rules (is it the rule, or any such
rule?), and by as many random programs (is it the model?). "plain" is enumeration by itself, "full"
has solvers and goal-directed steps. Then whole fits: the model, the search, and the two as one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence

from description_length import Counting
from local_model import RULES, Rule, samples

import llmerm
from llmerm.errors import LlmermWarning
from llmerm.proposers import Enumerate, Guided, Local, ModelProposer, Proposer
from llmerm.proposers.random_grammar import RandomGrammar
from llmerm.search import Clock, Grammar, operator_counts
from llmerm.search.solvers.registry import default_solvers

DRAFTS, DRAWS, TRAIN, SECONDS = 16, 8, 80, 5.0
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
    train = llmerm.Samples.of(samples(rule, TRAIN, "fit")).described(rule.description)

    async def read() -> list[str]:
        return [one.source async for one in proposer.propose(train, DRAFTS, 0)]

    started = time.perf_counter()
    sources = asyncio.run(read())
    return sources, time.perf_counter() - started


def fitted(rule: Rule, proposer: Proposer) -> Row:
    """A whole fit: whether it found the rule, its draws and seconds."""
    given = llmerm.Samples.of(samples(rule, 2 * TRAIN, "fit")).described(rule.description)
    started = time.perf_counter()
    result = llmerm.fit(given, k=2 * DRAWS, proposer=proposer)
    seconds = time.perf_counter() - started
    right = result.evaluate(samples(rule, 150, "test")).error == 0
    return {"solved": right, "draws": len(result.candidates), "seconds": round(seconds, 2)}


def searched(rule: Rule, prior: Mapping[str, float], *, plain: bool) -> Row:
    """The values kept and the seconds until the first right program; None without one."""
    train = llmerm.Samples.of(samples(rule, TRAIN, "fit"))
    fresh = samples(rule, 150, "test")
    search = Counting(
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
            return {"kept": search.kept, "seconds": round(time.perf_counter() - started, 3)}
    return {"kept": None, "seconds": None}


def measured(rules: Sequence[Rule], drafts: Mapping[str, Sequence[str]]) -> dict[str, Row]:
    """For each rule, every search under every prior."""
    rows: dict[str, Row] = {}
    for rule in rules:
        grammar = Grammar.infer(llmerm.Samples.of(samples(rule, TRAIN, "fit")))
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


def totals(rows: Iterable[Row]) -> Row:
    """How many rules were solved, and the median draws and seconds over all rules."""
    table = list(rows)
    middle = {key: statistics.median(row[key] for row in table) for key in ("draws", "seconds")}  # type: ignore[type-var]
    return {"solved": sum(bool(row["solved"]) for row in table), **middle}


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
    rows = measured(rules, {name: sources for name, (sources, _) in made.items()})
    ways = {"local": local, "enumerate": Enumerate(), "guided": Guided(local, drafts=DRAWS)}
    fits = {way: {rule.name: fitted(rule, ways[way]) for rule in rules} for way in ways}
    figures = {
        "summary": speed_ups(rows),
        "fits_summary": {way: totals(table.values()) for way, table in fits.items()},
        "drafting_seconds": round(sum(seconds for _, seconds in made.values()), 1),
        "of": len(rules),
        "fits": fits,
        "rules": rows,
    }
    print(json.dumps(figures, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
