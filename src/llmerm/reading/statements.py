"""A whole program in words: an outline with a line for each statement."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from llmerm.reading.nodes import is_rebound
from llmerm.reading.words import Words


@dataclass(frozen=True)
class Reading:
    """A program in plain words.

    Attributes:
        lines: the outline; what lies within a loop or a case is indented by two spaces.
        unread: pieces of code that the outline quotes, because they have no words.
    """

    lines: tuple[str, ...]
    unread: tuple[str, ...]


def read(tree: ast.Module, entry: str) -> Reading:
    r"""What the function `entry` of a module does, then what its helpers do.

    >>> code = "def f(s):\n if len(s) > 3:\n  return 1\n return s.count('1') % 2 == 0"
    >>> for line in read(ast.parse(code), "f").lines:
    ...     print(line)
    The input is s.
    If the length of s is more than 3:
      The answer is 1.
    The answer is whether the count of '1' in s is even.
    """
    try:
        return _outline(tree, entry)
    except RecursionError:
        return Reading(("It is nested too deep for words; `program.source` is the code.",), ("",))


def _outline(tree: ast.Module, entry: str) -> Reading:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if entry not in functions or _hides_builtins(tree) or is_rebound(tree, functions):
        code = ast.unparse(tree)
        return Reading(("It has no words here; `program.source` is the code.",), (code,))
    words = Words()
    lines = list(_function(functions.pop(entry), words, entry=True))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            lines += _function(node, words)
        elif not isinstance(node, (ast.FunctionDef, ast.Import, ast.ImportFrom)):
            lines += _statement(node, words)
    return Reading(tuple(lines), tuple(words.unread))


def _hides_builtins(tree: ast.Module) -> bool:
    """Whether a name of Python's own stands for something else somewhere in the program."""
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            own.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.alias):
            own.add("*" if node.name == "*" else node.asname or "")
        elif isinstance(node, ast.ExceptHandler):
            own.add(node.name or "")
    return "*" in own or "math" in own or any(hasattr(builtins, name) for name in own if name)


def _function(node: ast.FunctionDef, words: Words, *, entry: bool = False) -> Iterator[str]:
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    if node.decorator_list or ast.unparse(node.args) != ", ".join(map(ast.unparse, node.args.args)):
        words.unread.append(ast.unparse(node))
        yield f"{node.name} is `{ast.unparse(node)}`."
        return
    if not entry:
        yield f"The result of {node.name} for {', '.join(names)}:"
    elif names[:1] != ["x"]:
        yield f"The input is {', '.join(names)}."
    indent = "" if entry else "  "
    yield from _block(node.body, words, indent=indent)
    if not _answers(node.body):
        yield f"{indent}If nothing was answered by then, the answer is None."


def _answers(body: Sequence[ast.stmt]) -> bool:
    """Whether every way through the statements gives an answer or raises, as far as it is plain."""
    last = body[-1] if body else None
    if isinstance(last, ast.If):
        return _answers(last.body) and _answers(last.orelse)
    return isinstance(last, (ast.Return, ast.Raise))


def _block(body: Sequence[ast.stmt], words: Words, *, indent: str = "  ") -> Iterator[str]:
    for node in body:
        for line in _statement(node, words):
            yield f"{indent}{line}"


def _statement(node: ast.stmt, words: Words) -> Iterator[str]:
    told = _STATEMENTS.get(type(node))
    if told is not None:
        yield from told(node, words)
        return
    code = ast.unparse(node)
    words.unread.append(code)
    yield f"Do `{code}`."


def _return(node: ast.Return, words: Words) -> Iterator[str]:
    yield "The answer is " + ("None." if node.value is None else f"{words.value(node.value)}.")


def _if(node: ast.If, words: Words) -> Iterator[str]:
    yield f"If {words.condition(node.test)}:"
    yield from _block(node.body, words)
    if node.orelse:
        yield "Otherwise:"
        yield from _block(node.orelse, words)


def _for(node: ast.For, words: Words) -> Iterator[str]:
    yield f"For each {ast.unparse(node.target)} in {words.value(node.iter)}, one after another:"
    yield from _block(node.body, words)
    yield from _unbroken(node.orelse, words)


def _while(node: ast.While, words: Words) -> Iterator[str]:
    yield f"As long as {words.condition(node.test)}:"
    yield from _block(node.body, words)
    yield from _unbroken(node.orelse, words)


def _unbroken(body: Sequence[ast.stmt], words: Words) -> Iterator[str]:
    if body:
        yield "Unless the loop was left early:"
        yield from _block(body, words)


def _assign(node: ast.Assign, words: Words) -> Iterator[str]:
    names = " and ".join(ast.unparse(target) for target in node.targets)
    items = "the items of " * isinstance(node.targets[0], (ast.Tuple, ast.List))
    yield f"Let {names} be {items}{words.value(node.value)}."


def _annotated(node: ast.AnnAssign, words: Words) -> Iterator[str]:
    if node.value is not None:
        yield f"Let {ast.unparse(node.target)} be {words.value(node.value)}."


def _changed(node: ast.AugAssign, words: Words) -> Iterator[str]:
    target = ast.copy_location(ast.Name(ast.unparse(node.target), ast.Load()), node)
    become = ast.BinOp(target, node.op, node.value)
    yield f"Let {target.id} become {words.value(become)}."


def _done(node: ast.Expr, words: Words) -> Iterator[str]:
    call = node.value
    if isinstance(call, ast.Constant):
        return  # a docstring says what somebody meant, not what the code does
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and not call.keywords:
        phrase = _ACTS.get((call.func.attr, len(call.args)))
        if phrase is not None:
            parts = (call.func.value, *call.args)
            yield phrase.format(*map(words.part, parts))
            return
    yield f"Do {words.quoted(call)}."


_ACTS: Mapping[tuple[str, int], str] = {
    ("append", 1): "Put {1} at the end of {0}.",
    ("add", 1): "Put {1} into {0}.",
    ("extend", 1): "Put the items of {1} at the end of {0}.",
    ("pop", 0): "Remove the last item of {}.",
    ("sort", 0): "Put {} in ascending order.",
    ("reverse", 0): "Turn {} around.",
}


def _fixed(text: str) -> Callable[[ast.stmt, Words], Iterator[str]]:
    def told(node: ast.stmt, words: Words) -> Iterator[str]:
        yield text

    return told


_STATEMENTS: Mapping[type[ast.stmt], Callable[..., Iterator[str]]] = {
    ast.Return: _return,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _changed,
    ast.Expr: _done,
    ast.Break: _fixed("Leave the loop."),
    ast.Continue: _fixed("Go on with the next turn of the loop."),
    ast.Pass: _fixed("Do nothing."),
}
