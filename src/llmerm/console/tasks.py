"""Task families on the terminal."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from llmerm.console.text import code, plain
from llmerm.tasks.base import Task


def task_table(families: Mapping[str, str]) -> Table:
    """The task families, with their first sentences."""
    table = Table(title="Task families: llmerm.tasks.get(NAME, n=100).sample(200)")
    table.add_column("name")
    table.add_column("what it is", overflow="fold")
    for name, summary in families.items():
        table.add_row(name, Text(summary))
    return table


def task_as_dict(task: Task) -> dict[str, object]:
    """One task as JSON-like values; its program is None where the rule is not known."""
    return {
        "name": task.name,
        "about": inspect.getdoc(task) or "",
        "parameters": dict(task.parameters),
        "classes": list(task.classes),
        "rule_error": task.rule_error,
        "known": task.known,
        "program": task.program.source if task.known else None,
    }


def print_task(console: Console, task: Task) -> None:
    """One task: what it asks, its parameters, its rule."""
    console.print(plain(inspect.getdoc(task) or ""), soft_wrap=True)
    shown = ", ".join(f"{name}={value!r}" for name, value in task.parameters.items())
    console.print(plain(f"\nparameters: {shown}"), soft_wrap=True)
    if task.classes:
        classes = ", ".join(map(repr, task.classes))
        console.print(plain(f"classes, equally often: {classes}"), soft_wrap=True)
    if task.known:
        console.print(code(task.program.pretty()), soft_wrap=True)
