"""Seconds that each task family takes to draw 200 + 10,000 samples at n = 100, in one process.

Run as `python benchmarks/sampling.py --json`. Each figure is the least of three runs after a small
first one, so that imports and tables are not counted and a busy machine counts little.
"""

from __future__ import annotations

import json
import sys
import time

from llmerm import tasks

SAMPLES = 10_200
RUNS = 3
MOST_SECONDS = 2.0


def seconds(task: tasks.Task) -> float:
    """The least wall seconds out of several draws, each with a seed of its own."""
    task.sample(10)
    return min(once(task, seed) for seed in range(RUNS))


def once(task: tasks.Task, seed: int) -> float:
    """The wall seconds of one draw."""
    started = time.perf_counter()
    samples = task.sample(SAMPLES, seed=seed)
    elapsed = time.perf_counter() - started
    assert len(samples) == SAMPLES
    return elapsed


@tasks.task(n=100)
def majority(x: str) -> int:
    """A family by decorator, for comparison with the built-in ones."""
    return int(x.count("1") > len(x) / 2)


def main() -> None:
    """Measures every family and prints the figures and targets."""
    figures = {f"{name}_seconds": round(seconds(tasks.get(name)), 3) for name in tasks.names()}
    slowest = max(figures.values())
    target = {"value": slowest, "limit": MOST_SECONDS, "met": slowest <= MOST_SECONDS}
    report = {"figures": figures, "targets": {"slowest_family_seconds": target}}
    print(json.dumps(report) if "--json" in sys.argv else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
