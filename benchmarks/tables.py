"""A table of a million rows: what it takes as samples, to verify, to fit, to read.

Five columns of numbers come as a frame. Each number of programs is verified in a process of its
own, whose largest resident set is compared: it should not grow with the number of programs.
`samples_mb` is what the process grows by as the samples are made, with their labels. The rule to
be found by `fit` has two conditions.

    python benchmarks/tables.py --json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import cast

import numpy as np
import pandas as pd

import llmerm

SELF = [sys.executable, __file__]
FEW, MANY = 2, 20
MOST_GROWTH = 0.1
MOST_MB = 100.0

Figures = dict[str, float]


def measured(programs: int, rows: int) -> Figures:
    """What this process takes for the samples, and to verify so many programs on them."""
    frame = table(rows)
    before = resident_mb()
    start = time.perf_counter()
    samples = llmerm.Samples.from_frame(frame, target="y")
    figures = {
        "samples_seconds": time.perf_counter() - start,
        "samples_mb": resident_mb() - before,
    }
    del frame
    sources = [f"def f(x): return int(x['c0'] > 0.5 + {i} / 1000)" for i in range(programs)]
    start = time.perf_counter()
    result = llmerm.verify(sources, samples)
    assert result.held_out_error == 0, "the first program is the rule itself"
    assert len(result.candidates) == programs
    return {
        **figures,
        "verify_seconds": time.perf_counter() - start,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def fitted(rows: int) -> Figures:
    """What this process takes to find a rule, and how often that is wrong."""
    frame = table(rows)
    samples = llmerm.Samples.from_frame(
        frame.assign(y=frame["y"] * (frame["c1"] < 0.3)), target="y"
    )
    del frame
    start = time.perf_counter()
    result = llmerm.fit(samples)
    assert result.held_out_error is not None
    return {
        "fit_seconds": time.perf_counter() - start,
        "held_out_error": result.held_out_error,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def read(rows: int) -> Figures:
    """What this process takes to read the table from a file of comma-separated values."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        subprocess.run([*SELF, "--write", file.name, "--rows", str(rows)], check=True)
        start = time.perf_counter()
        llmerm.Samples.from_csv(file.name, target="y")
        return {
            "csv_seconds": time.perf_counter() - start,
            "csv_mb": os.path.getsize(file.name) / 2**20,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def table(rows: int) -> pd.DataFrame:
    """Five columns of numbers, and whether the first is above a half."""
    cells = np.random.default_rng(0).random((rows, 5))
    frame = pd.DataFrame(cells, columns=[f"c{i}" for i in range(5)])
    return frame.assign(y=(frame["c0"] > 0.5).astype(int))


def resident_mb() -> float:
    """What this process has in memory now, in MiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def alone(part: str, rows: int, programs: int = 0) -> Figures:
    """The figures of a part, in a process in which nothing else was."""
    command = [*SELF, "--part", part, "--programs", str(programs), "--rows", str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return cast("Figures", json.loads(done.stdout))


def main() -> None:
    """Prints the figures and targets, as JSON on one line if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--part", choices=("verify", "fit", "read"), help="in this process")
    parser.add_argument("--programs", type=int, default=FEW, help="to be verified")
    parser.add_argument("--write", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        table(options.rows).to_csv(options.write, index=False)
        return
    if options.part:
        parts = {
            "verify": lambda rows: measured(options.programs, rows),
            "fit": fitted,
            "read": read,
        }
        print(json.dumps(parts[options.part](options.rows)))
        return
    few, many = (alone("verify", options.rows, programs) for programs in (FEW, MANY))
    fit, csv = alone("fit", options.rows), alone("read", options.rows)
    growth = many["peak_mb"] / few["peak_mb"] - 1
    report = {
        "figures": {
            "rows": options.rows,
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            f"programs_{FEW}": few,
            f"programs_{MANY}": many,
            "fit": fit,
            "csv": csv,
        },
        "targets": {
            "memory_growth": {
                "value": growth,
                "limit": MOST_GROWTH,
                "met": growth <= MOST_GROWTH,
            },
            "samples_mb": {
                "value": few["samples_mb"],
                "limit": MOST_MB,
                "met": few["samples_mb"] <= MOST_MB,
            },
            "held_out_error": {
                "value": fit["held_out_error"],
                "limit": 0.0,
                "met": fit["held_out_error"] == 0,
            },
        },
    }
    print(json.dumps(report, indent=None if options.json else 2))


if __name__ == "__main__":
    main()
