"""The stand-alone program of a function that a user wrote."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable, Iterator

from llmerm.errors import TaskError
from llmerm.program import Program


def standalone(rule: Callable[..., object], name: str) -> Program:
    """The function's own source as a program, its decorators left out.

    Raises:
        TaskError: if the source cannot be had, or leans on names from outside the function.
    """
    node, lines = _definition(rule, name)
    if outside := sorted(set(_outside_names(node))):
        raise TaskError(
            f"the rule of {name} uses {', '.join(outside)} from outside the function, so its "
            "source is no program by itself. Import or define them inside the function."
        )
    return Program("".join(lines[node.lineno - 1 : node.end_lineno]))


def _definition(rule: Callable[..., object], name: str) -> tuple[ast.FunctionDef, list[str]]:
    try:
        source = textwrap.dedent(inspect.getsource(rule))
        node = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, IndexError) as error:
        raise _no_source(name) from error
    if not isinstance(node, ast.FunctionDef):
        raise _no_source(name)
    return node, source.splitlines(keepends=True)


def _no_source(name: str) -> TaskError:
    return TaskError(
        f"the source of the rule of {name} cannot be had. Write the rule with `def` in a file or a "
        "notebook cell; sampling works without it, `program` does not."
    )


def _outside_names(node: ast.FunctionDef) -> Iterator[str]:
    bound = {node.name, *_bound_names(node)}
    decorators = {id(part) for item in node.decorator_list for part in ast.walk(item)}
    for part in ast.walk(node):
        if not isinstance(part, ast.Name) or id(part) in decorators:
            continue
        if part.id not in bound and not hasattr(builtins, part.id):
            yield part.id


def _bound_names(node: ast.FunctionDef) -> Iterator[str]:
    """Every name that the function binds: arguments, assignments, imports, definitions."""
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            yield part.name
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in part.names)
        elif isinstance(part, ast.ExceptHandler) and part.name:
            yield part.name
