"""Task families: rules that are known, with exactly balanced samples of them.

    samples = llmerm.tasks.get("parity", n=100).sample(200, seed=0)

Each built-in family is a file of its own here, imported when it is asked for.
"""

from __future__ import annotations

from llmerm.tasks.base import Task
from llmerm.tasks.decorator import FunctionTask, task
from llmerm.tasks.registry import get, names, published, register
from llmerm.tasks.strings import StringTask

__all__ = [
    "FunctionTask",
    "StringTask",
    "Task",
    "get",
    "names",
    "published",
    "register",
    "task",
]
