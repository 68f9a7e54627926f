"""Task families: rules that are known, with exactly balanced samples of them.

    samples = llmerm.tasks.get("parity", n=100).sample(200, seed=0)

Each built-in family is a file of its own here (the bundled tables share one), imported when it is
asked for. `task.probes()` gives other samples of a task that show what a learned rule is worth.
"""

from __future__ import annotations

from llmerm.tasks.base import Task
from llmerm.tasks.decorator import FunctionTask, task
from llmerm.tasks.probes import Probe
from llmerm.tasks.registry import get, names, published, register
from llmerm.tasks.strings import StringTask
from llmerm.tasks.two_class import TwoClassTask

__all__ = [
    "FunctionTask",
    "Probe",
    "StringTask",
    "Task",
    "TwoClassTask",
    "get",
    "names",
    "published",
    "register",
    "task",
]
