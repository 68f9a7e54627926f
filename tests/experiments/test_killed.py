"""A sweep that is killed again and again ends with the files of one that was left alone."""

from __future__ import annotations

import random
import subprocess
import sys
import time

KILLS = 20
SWEEP = """
import sys
from llmerm.experiments import Bench, Options, run
from llmerm.experiments.benches.paper_table import PaperTable

class Mixed(Bench):
    name, question = "mixed", "Many quick cells, and some that are in the sandbox when they are killed?"
    table, figure = PaperTable.table, PaperTable.figure
    def cells(self, options):
        def some(method, seeds):
            small = Options(tasks=("parity", "half_parity"), methods=(method,), n=12, m=(40,), n_test=100,
                            seeds=tuple(range(seeds)))
            return PaperTable().cells(small)
        return some("majority", 150) + some("enumerate", 3)

print("begun", flush=True)
run(Mixed(), out=sys.argv[1], progress=lambda at: print(at.done, flush=True))
"""
SAME = ("cells.csv", "table.csv", "table.md", "table.tex", "figure.svg", "figure.pdf")


def start(folder):
    """The sweep, in a process of its own."""
    command = [sys.executable, "-c", SWEEP, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_sweep_killed_at_random_points_ends_as_one_that_was_not(tmp_path):
    """Twenty times with SIGKILL, after some cells and a moment; then it is left to end."""
    rng = random.Random(7)
    with start(tmp_path / "whole") as process:
        process.communicate(timeout=240)
    killed = 0
    while killed < KILLS:
        with start(tmp_path / "killed") as process:
            lines = [process.stdout.readline() for _ in range(rng.randint(1, 3))]
            time.sleep(rng.uniform(0, 0.05))
            alive = process.poll() is None
            process.kill()
        killed += alive
        assert all(lines), "the sweep ended before it could be killed often enough"
    with start(tmp_path / "killed") as process:
        seen = process.communicate(timeout=240)[0].split()
    assert process.returncode == 0
    assert seen[0] == "begun"
    for name in SAME:
        ours, theirs = (tmp_path / folder / name for folder in ("killed", "whole"))
        assert ours.read_bytes() == theirs.read_bytes(), name
