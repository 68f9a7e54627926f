"""Seconds to render a result with 10,000 candidates as a notebook shows it, and the page's size.

Run as `python benchmarks/notebook.py --json`. The candidates are different programs of a few lines,
as a model might draw them: a tenth is scored, the others failed for various reasons. It renders
the result three times, each a fresh object, in a process that has shown nothing before; the target
is less than 1 s for the slowest.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace

import llmerm
from llmerm.candidate import Candidate
from llmerm.program import Program
from llmerm.typing import Failed, Proposal, Reason, Scored, Usage

CANDIDATES, TARGET_SECONDS = 10_000, 1.0
REASONS: tuple[Reason, ...] = ("timeout", "abandoned", "raised", "syntax_error", "no_code")


def source(draw: int) -> str:
    """A program of a few lines that no other draw has."""
    lines = "".join(f"    total = (total * {draw + i} + len(x)) % 97\n" for i in range(draw % 9))
    return f"def f(x):\n    total = {draw}\n{lines}    return total % 2"


def candidate(draw: int, m: int) -> Candidate:
    """A draw and its verdict."""
    proposal = Proposal(draw, source(draw), usage=Usage(calls=1, tokens_in=900, tokens_out=80))
    if draw % 10:
        return Candidate(proposal, None, Failed(REASONS[draw % 5], "as a test would have it"))
    error = (draw * 7919 % m) / m
    return Candidate(proposal, Program(proposal.source), Scored(error, error, 100.0 + draw % 50))


def results() -> llmerm.FitResult:
    """The outcome of a real fit, with many more candidates in place of its own."""
    samples = llmerm.tasks.get("parity", n=20).sample(200)
    real = llmerm.fit(samples, proposer=llmerm.ScriptedProposer(["def f(x): return 1"]))
    return replace(real, candidates=tuple(candidate(i, 100) for i in range(CANDIDATES)), chosen=0)


def measured() -> dict[str, float]:
    """Seconds and characters of one rendering."""
    result = results()
    started = time.perf_counter()
    page = result._repr_html_()
    return {"seconds": time.perf_counter() - started, "characters": len(page)}


def main() -> None:
    """Prints the figures, as a table or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = [measured() for _ in range(3)]
    slowest = max(row["seconds"] for row in rows)
    if parser.parse_args().json:
        target = {"value": slowest, "limit": TARGET_SECONDS, "met": slowest < TARGET_SECONDS}
        figures = {"candidates": CANDIDATES, "runs": rows}
        print(json.dumps({"figures": figures, "targets": {"seconds": target}}, indent=2))
        return
    for row in rows:
        print(f"{row['seconds']:.3f} s, {row['characters']:,} characters")
    print(f"slowest {slowest:.3f} s, target < {TARGET_SECONDS} s")


if __name__ == "__main__":
    main()
