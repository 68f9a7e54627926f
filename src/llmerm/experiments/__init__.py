"""Experiments: many cells (a task, a method, a size, a seed), their tables and their figures.

    from llmerm.experiments import Options, run

    run("paper-table", Options(methods=("enumerate", "mlp"), seeds=(0,)), out="results")

A `Bench` says which cells answer its question, `sweep` measures them on any executor and resumes
where it stopped, `run` does both and writes the tables, the figures and one report.
"""

from __future__ import annotations

from llmerm.experiments.benches.base import Bench
from llmerm.experiments.cell import Cell
from llmerm.experiments.measure import measure
from llmerm.experiments.methods import Method
from llmerm.experiments.options import Options
from llmerm.experiments.outcome import Finished, Outcome
from llmerm.experiments.run import plan, run
from llmerm.experiments.sweep import Sweep, kept, sweep

__all__ = [
    "Bench",
    "Cell",
    "Finished",
    "Method",
    "Options",
    "Outcome",
    "Sweep",
    "kept",
    "measure",
    "plan",
    "run",
    "sweep",
]
