"""One sweep in batch mode against a stub, as a process of its own that can be killed.

Run as `python sweeping.py URL LEDGER`.
"""

from __future__ import annotations

import sys

from llmerm.experiments.cell import Cell
from llmerm.experiments.methods import Method
from llmerm.experiments.sweep import sweep
from llmerm.proposers import ModelProposer, OpenAI
from llmerm.proposers.base import Proposer

KEY = "sk-stub-0123456789abcdef"


def cells(proposer: Proposer, count: int = 6, *, k: int = 2, seed: int = 100) -> list[Cell]:
    """Cells of one method whose programs are wrong, so that each makes all its draws."""
    return [
        Cell(bench="test", title="parity", task="parity", task_parameters={"n": 20},
             method=Method.of(proposer), m=40, seed=seed + 10 * number, k=k, n_test=100)
        for number in range(count)
    ]  # fmt: skip


if __name__ == "__main__":
    model = OpenAI("gpt-4o", base_url=sys.argv[1], api="chat", api_key=KEY, replies_per_call=1)
    sweep(cells(ModelProposer(model, mode="batch")), ledger=sys.argv[2])
