"""Baselines: what one would pick instead of searching for a program, on the same samples.

    train, test = llmerm.tasks.get("parity", n=50).sample(400, seed=0).split(0.5)
    baselines.score(baselines.get("mlp"), train, test).test_accuracy

Each is a file of its own here, imported when it is asked for.
"""

from __future__ import annotations

from llmerm.baselines.base import Baseline, Predictor
from llmerm.baselines.registry import available, get, names, register
from llmerm.baselines.scoring import Score, score

__all__ = [
    "Baseline",
    "Predictor",
    "Score",
    "available",
    "get",
    "names",
    "register",
    "score",
]
