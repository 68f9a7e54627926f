"""What `result.predict` costs on 100,000 rows, beside the plain function in this process.

The plain function has no wall around it: no copy of its inputs, no check of its answers. Each rule
is timed both ways in turn; the ratio is that of the medians. `first_seconds` is the first
prediction of a process, which starts the sandbox; later ones find it ready. `packing_seconds` is
what it takes to look at the inputs and pack them, which goes on while workers run the first ones.
The table comes as a list of dicts, and as a frame: a frame's columns are never made into rows here.

    python benchmarks/predict.py --json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

import llmerm
from llmerm.sandbox import LinuxSandbox, default, standby
from llmerm.sandbox.inputs import pack
from llmerm.sklearn import ProgramClassifier

ROWS = 100_000
TARGET = 1.5


class Rule(NamedTuple):
    """A program, and what it is run on."""

    source: str
    inputs: list[object]  # for the plain function
    given: Iterable[object] | None = None  # the same for `predict`, in another form


def rules(rng: random.Random) -> dict[str, Rule]:
    """A cheap rule on strings, one on rows of a table, and one of some ten microseconds."""
    strings: list[object] = [format(rng.getrandbits(100), "0100b") for _ in range(ROWS)]
    table = [row(rng) for _ in range(ROWS)]
    on_rows = "def f(x): return 2 if x['c8'] == 'red' else int(x['c0'] > 0.5 or x['c3'] < 0.2)"
    return {
        "parity_of_100_bits": Rule("def f(x): return x.count('1') % 2", strings),
        "table_of_10_columns": Rule(on_rows, [*table]),
        "frame_of_10_columns": Rule(on_rows, [*table], pd.DataFrame(table)),
        "costly": Rule("def f(x): return sum(a != b for a, b in zip(x, x[1:])) % 3", strings),
    }


def row(rng: random.Random) -> dict[str, object]:
    numbers: dict[str, object] = {f"c{i}": rng.random() for i in range(8)}
    return numbers | {"c8": rng.choice(["red", "green"]), "c9": rng.randrange(100)}


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def measured(rule: Rule, repeats: int) -> dict[str, float]:
    pairs = [(x, i % 2) for i, x in enumerate(rule.inputs[:40])]
    result = llmerm.verify(rule.source, pairs)
    given = rule.inputs if rule.given is None else rule.given
    f = result.program.compile(trusted=True)
    standby.close()
    first, expected = timed(lambda: result.predict(given))
    plain, boxed, packing = [], [], []
    for _ in range(repeats):
        seconds, bare = timed(lambda: [f(x) for x in rule.inputs])
        plain.append(seconds)
        seconds, predictions = timed(lambda: result.predict(given))
        boxed.append(seconds)
        if rule.given is None:
            packing.append(timed(lambda: pack(rule.inputs))[0])
        assert bare == predictions == expected, "the sandbox changed a prediction"
    seconds = statistics.median(boxed)
    return {
        "plain_seconds": statistics.median(plain),
        "seconds": seconds,
        "ratio": seconds / statistics.median(plain),
        "first_seconds": first,
    } | ({"packing_seconds": statistics.median(packing)} if packing else {})


def estimator(repeats: int) -> dict[str, float]:
    """The same through `ProgramClassifier.predict` on an array of 10 columns of numbers."""
    table = np.random.default_rng(0).random((ROWS, 10))
    source = "def f(x): return int(x['x0'] > 0.5)"
    model = ProgramClassifier(proposer=llmerm.ScriptedProposer([source]))
    model.fit(table[:200], table[:200, 0] > 0.5)
    model.predict(table)
    seconds = statistics.median(timed(lambda: model.predict(table))[0] for _ in range(repeats))
    return {"seconds": seconds, "rows_per_second": ROWS / seconds}


def main() -> None:
    """Prints the figures and targets, as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    found = {
        name: measured(rule, options.repeats) for name, rule in rules(random.Random(0)).items()
    }
    report = {
        "figures": {
            "rows": ROWS,
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "workers": standby.WORKERS if isinstance(default(), LinuxSandbox) else 1,
            "rules": found,
            "estimator": estimator(options.repeats),
        },
        "targets": {
            f"ratio_{name}": {
                "value": rule["ratio"],
                "limit": TARGET,
                "met": rule["ratio"] <= TARGET,
            }
            for name, rule in found.items()
        },
    }
    print(json.dumps(report) if options.json else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
