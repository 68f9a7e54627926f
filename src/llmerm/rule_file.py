"""A program as a module of its own: the function, what is known of it, and a test."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmerm.certificates import Certificate
from llmerm.normal_form import renamed
from llmerm.program import Program, bound_names, parse
from llmerm.provenance import Provenance
from llmerm.typing import Prediction, SampleError, Value
from llmerm.values import key
from llmerm.views.text import printable

_HEAD = "A rule learned from labelled examples: call f(x)."

FEW = 8
"""Examples that the test of an exported rule has, where nobody chose them."""


@dataclass(frozen=True)
class Facts:
    """What an exported module says of its program.

    Attributes:
        headline: the status with its error, in words.
        certificate: of the program.
        provenance: where it comes from.
        stopped: why drawing ended, in words.
    """

    headline: str
    certificate: Certificate
    provenance: Provenance
    stopped: str


@dataclass(frozen=True)
class Tried:
    """An input, and the program's own prediction for it."""

    x: Value
    y: Value


def tried(
    inputs: Sequence[Value], predictions: Sequence[Prediction], *, limit: bool
) -> list[Tried]:
    """The inputs that have a prediction, with it; with `limit` few, and of each answer some.

    >>> [one.x for one in tried(list(range(20)), [0] * 19 + [1], limit=True)]
    [0, 19, 1, 2, 3, 4, 5, 6]
    """
    pairs = zip(inputs, predictions, strict=True)
    found = [Tried(x, y) for x, y in pairs if not isinstance(y, SampleError)]
    if not limit:
        return found
    first = {key_of(one.y): one for one in reversed(found)}
    ahead = [one for one in found if first[key_of(one.y)] is one]
    return (ahead + [one for one in found if one not in ahead])[:FEW]


def key_of(value: Value) -> str:
    """A text that equal answers share, also those that JSON cannot hold."""
    return repr(value) if isinstance(value, float) else key(value)


def text(program: Program, examples: Sequence[Tried], facts: Facts) -> str:
    """The module's text: the same program and facts give the same text.

    Whatever is not printable, and all that could end the docstring, is escaped.
    """
    source, tree, name = _body(program)
    test = _free("test_rule", tree)
    parts = [_docstring(program, tree, facts), source]
    if name != "f":
        parts.append(f"f = {name}")
    parts += [*_helper(tree, examples), _test(test, examples, tree), _main(test)]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def original(module: str) -> str:
    """The source of the program alone, out of a module that `text` gave; another one as it is.

    >>> original("def f(x): return x")
    'def f(x): return x'
    """
    tree = parse(module)
    is_ours = (ast.get_docstring(tree) or "").startswith(_HEAD) and len(tree.body) >= 4
    if not is_ours or not _is_guard(tree.body[-1]):
        return module
    helper, test = tree.body[-3:-1]
    end = helper if _is_same(helper) else test
    source = "\n".join(module.split("\n")[tree.body[0].end_lineno : end.lineno - 1]).strip("\n")
    before, alias, name = source.rpartition("\n\n\nf = ")
    return before if alias and name.isidentifier() else source


def _body(program: Program) -> tuple[str, ast.Module, str]:
    """The source, its tree, and the name of its function.

    The source is as it is where nothing in it is hidden or would be run besides the function.
    """
    tree = parse(program.source)
    helpers = _like_tests(tree)
    if helpers:
        tree = renamed(tree, helpers)
        name = helpers.get(program.name, program.name)
        return _shown(ast.unparse(tree), tree, name if name in bound_names(tree) else program.name)
    return _shown(program.source, tree, program.name)


def _like_tests(tree: ast.Module) -> dict[str, str]:
    """Other names for functions that pytest would take for tests."""
    found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {name: _free(f"_{name}", tree) for name in found if name.startswith("test")}


def _shown(source: str, tree: ast.Module, name: str) -> tuple[str, ast.Module, str]:
    kept = [node for i, node in enumerate(tree.body) if not (_is_guard(node) or _is_text(node, i))]
    plain = all(c.isprintable() or c in "\n\t" for c in source)
    if plain and len(kept) == len(tree.body):
        return source, tree, name
    tree.body = kept
    return ast.unparse(tree), tree, name


def _is_guard(node: ast.stmt) -> bool:
    """Whether it is `if __name__ == "__main__"`, which the module's own test takes the place of."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _is_text(node: ast.stmt, index: int) -> bool:
    """Whether it is the source's own docstring: a module has one, and it comes first."""
    return (
        index == 0
        and isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _docstring(program: Program, tree: ast.Module, facts: Facts) -> str:
    lines = "\n".join(_lines(program, tree, facts))
    safe = printable(lines).replace("\\", "\\\\").replace('"""', r"\"\"\"")
    return f'"""{safe}\n"""'


def _lines(program: Program, tree: ast.Module, facts: Facts) -> Iterator[str]:
    origin = facts.provenance
    yield _HEAD
    yield ""
    yield f"Needs: {_needs(tree)}. To check it: `python THIS_FILE`, or pytest."
    yield ""
    yield f"status: {facts.headline}"
    yield f"certificate: {facts.certificate}"
    yield f"candidates: at most {origin.k} ({facts.stopped})"
    yield f"proposer: {origin.proposer}, seed {origin.seed}"
    yield f"samples: {origin.train} to train on, {origin.held_out} held out, loss {origin.loss}"
    yield f"fingerprint of the samples (SHA-256): {origin.data}"
    yield f"length of the program: {program.bits:.0f} bits"
    yield f"made by: llmerm {origin.llmerm}, Python {origin.python}, {origin.platform}"


def _needs(tree: ast.Module) -> str:
    """What is to be installed, in words."""
    roots = {name.partition(".")[0] for name in _imported(tree)}
    others = sorted(roots - sys.stdlib_module_names)
    return ", ".join(("Python 3.11 or later", *others)) + " alone" * (not others)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _free(name: str, tree: ast.Module) -> str:
    """The name, with an underscore for as long as the program has one like it."""
    taken = bound_names(tree)
    while name in taken:
        name += "_"
    return name


_SAME = '''\
def {same}(found, expected):
    """Whether two answers are equal, floats up to rounding and tuples as lists."""
    import math

    if isinstance(expected, float) and isinstance(found, (int, float)):
        both_nan = found != found and expected != expected
        return both_nan or math.isclose(found, expected, rel_tol=1e-9)
    if isinstance(expected, list) and isinstance(found, (list, tuple)):
        return len(found) == len(expected) and all(map({same}, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return list(found) == list(expected) and all({same}(found[k], expected[k]) for k in found)
    return type(found) is type(expected) and found == expected
'''


def _is_same(node: ast.stmt) -> bool:
    """Whether it is the function that compares answers."""
    if not isinstance(node, ast.FunctionDef) or not node.name.startswith("_same"):
        return False
    return ast.unparse(node) == ast.unparse(parse(_SAME.format(same=node.name)))


def _helper(tree: ast.Module, examples: Sequence[Tried]) -> list[str]:
    """How answers are compared, where `==` is not enough."""
    if all(isinstance(one.y, (str, int, type(None))) for one in examples):
        return []
    return [_SAME.format(same=_free("_same", tree))]


def _test(name: str, examples: Sequence[Tried], tree: ast.Module) -> str:
    if not examples:
        return f"def {name}():\n    assert callable(f)  # it gave no prediction to compare with"
    plain = all(isinstance(one.y, (str, int, type(None))) for one in examples)
    check = "f(x) == y" if plain else f"{_free('_same', tree)}(f(x), y)"
    rows = "".join(f"        ({_literal(one.x)}, {_literal(one.y)}),\n" for one in examples)
    return (
        f"def {name}():\n"
        '    """The predictions are those that the program gave when it was exported."""\n'
        f"    for x, y in [\n{rows}    ]:\n        assert {check}, (x, y)"
    )


def _literal(value: Value) -> str:
    """The value as Python writes it; what is no finite float as a call."""
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return f"float('{value}')"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {_literal(item)}" for name, item in value.items()) + "}"
    return ascii(value) if isinstance(value, str) else repr(value)


def _main(test: str) -> str:
    return f'if __name__ == "__main__":\n    {test}()\n    print("the rule does as it did")'
