"""Rules that the embedded proposer is not told: which are exact on fresh inputs and elsewhere.

Run as `python benchmarks/rules.py --part tuned`; `--kind` and `--rule` choose fewer, `--json` gives
every figure beside its target. The rules are data, in `rule_sets`, one file a kind. A third of each
kind, drawn by lot, is set aside: the search is tuned on the others alone. Each rule is fitted from
its own few samples, with the public interface, and scored on 1,000 inputs drawn afresh.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from rule_sets import KINDS
from rule_sets.rule import Pair, Rule

import llmerm
from llmerm.errors import LlmermError
from llmerm.proposers.enumerator import Enumerate

FRESH = 1000
EXACT, OTHER = 0.9, 0.85


@dataclass(frozen=True)
class Row:
    """How one rule was learnt: the shares right, the seconds the fit took, and the answer."""

    kind: str
    name: str
    aside: bool | None
    right: float
    right_elsewhere: float | None
    seconds: float
    source: str


def measured(kind: str, rule: Rule) -> Row:
    """The rule fitted from its samples and scored on fresh ones."""
    rng = random.Random(rule.name)
    shown = rule.shown(rng)
    started = time.perf_counter()
    try:
        result = fitted(rule, shown)
    except LlmermError as error:
        elsewhere = None if rule.other is None else 0.0
        seconds = time.perf_counter() - started
        return Row(kind, rule.name, rule.aside, 0.0, elsewhere, seconds, f"# {error}")
    seconds = time.perf_counter() - started
    right = share_right(result, rule.fresh(rng, rule.draw, FRESH))
    elsewhere = rule.other and share_right(result, rule.fresh(rng, rule.other, FRESH))
    return Row(kind, rule.name, rule.aside, right, elsewhere, seconds, result.program.source)


def fitted(rule: Rule, shown: Sequence[Pair]) -> llmerm.FitResult:
    """What the library answers to the samples, without its warnings."""
    with warnings.catch_warnings(action="ignore"):
        return llmerm.fit(shown, proposer=Enumerate(seconds=rule.seconds), held_out=rule.held_out)


def share_right(result: llmerm.FitResult, pairs: Sequence[Pair]) -> float:
    """The share of the inputs for which the program, run in the sandbox, gives the label."""
    try:
        predictions = result.predict([x for x, _ in pairs])
    except LlmermError:
        return 0.0
    return sum(same(p, y) for p, (_, y) in zip(predictions, pairs, strict=True)) / len(pairs)


def same(prediction: object, label: object) -> bool:
    """Whether they are equal, numbers up to rounding."""
    if isinstance(label, float) and isinstance(prediction, (int, float)):
        return math.isclose(prediction, label, rel_tol=1e-9, abs_tol=1e-9)
    return prediction == label


def summary(rows: Sequence[Row]) -> dict[str, object]:
    """The shares of rules that are exact, and how long the fits took."""
    elsewhere = [row.right_elsewhere == 1 for row in rows if row.right_elsewhere is not None]
    seconds = [row.seconds for row in rows]
    return {
        "rules": len(rows),
        "exact": statistics.mean(row.right == 1 for row in rows),
        "rules_with_other_lengths": len(elsewhere),
        "exact_elsewhere": statistics.mean(elsewhere) if elsewhere else None,
        "median_seconds": statistics.median(seconds),
        "worst_seconds": max(seconds),
    }


def parts(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows by part and kind, and by part alone."""
    for label, aside in (("tuned", False), ("aside", True)):
        part = [row for row in rows if row.aside == aside]
        for kind in KINDS:
            if chosen := [row for row in part if row.kind == kind]:
                yield f"{label} {kind}", chosen
        if part:
            yield f"{label} all", part


def targets(figures: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """Each share beside what it should reach."""
    return {
        f"{part}, {name}": {"value": value, "limit": limit, "met": float(str(value)) >= limit}
        for part, figure in figures.items()
        for name, limit in (("exact", EXACT), ("exact_elsewhere", OTHER))
        if (value := figure[name]) is not None
    }


def chosen(part: str, kind: str | None, name: str | None) -> Iterator[tuple[str, Rule]]:
    """The rules that the options ask for, with their kinds."""
    for key, rules in KINDS.items():
        for rule in rules:
            in_part = part == "all" or rule.aside == (part == "aside")
            if in_part and kind in (None, key) and name in (None, rule.name):
                yield key, rule


def line(row: Row) -> str:
    """One rule in a line: shares right on fresh inputs and elsewhere, seconds, name, answer."""
    elsewhere = "     -" if row.right_elsewhere is None else f"{row.right_elsewhere:6.1%}"
    last = row.source.strip().splitlines()[-1].strip() if row.source.strip() else ""
    return f"{row.right:6.1%} {elsewhere} {row.seconds:5.1f} s  {row.kind}: {row.name}: {last}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("tuned", "aside", "all"), default="all")
    parser.add_argument("--kind", choices=tuple(KINDS))
    parser.add_argument("--rule", metavar="NAME")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--list", action="store_true", help="only name the rules")
    return parser.parse_args()


def main() -> None:
    asked = options()
    wanted = list(chosen(asked.part, asked.kind, asked.rule))
    if not wanted:
        sys.exit("no rule is called so; `--list` names them.")
    if asked.list:
        sys.exit("\n".join(f"{kind}: {rule.name}" for kind, rule in wanted))
    rows = []
    for kind, rule in wanted:
        rows.append(measured(kind, rule))
        print(line(rows[-1]), file=sys.stderr, flush=True)
    figures = {label: summary(part) for label, part in parts(rows)}
    report = {"figures": figures, "targets": targets(figures)}
    if asked.json:
        report["rules"] = {row.name: asdict(row) for row in rows}
        json.dump(report, sys.stdout, indent=2)
    else:
        for label, figure in figures.items():
            print(label, *(f"{key}={value}" for key, value in figure.items()))


if __name__ == "__main__":
    main()
