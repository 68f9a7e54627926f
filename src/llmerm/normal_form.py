"""The normal form of a syntax tree: without names of locals, docstrings and plain annotations."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from typing import cast

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def normalised(tree: ast.Module, entry: str) -> ast.Module:
    """The tree with canonical names, or as it is if the program could notice the change.

    Canonical names are numbers, which no source can spell, so none of them meets a free name.
    Trees with one normal form behave the same; where that is in doubt, names stay as they are.

    Args:
        tree: of a whole module; it is changed in place.
        entry: the name of the function to call, which becomes "0".

    >>> one, other = (normalised(ast.parse(s), "f") for s in ("def f(x): 1 + x", "def f(y): 1 + y"))
    >>> ast.dump(one) == ast.dump(other)
    True
    """
    if could_notice(tree):
        return tree
    stripped = cast("ast.Module", _Strip().visit(tree))
    fixed = _names_that_mean_something(stripped)
    order: dict[str, str] = {}
    for name in (entry, *_bound_names(stripped)):
        if name not in fixed and name not in order:
            order[name] = str(len(order))
    return cast("ast.Module", _Rename(order).visit(stripped))


def renamed(tree: ast.Module, names: Mapping[str, str]) -> ast.Module:
    r"""The tree with other names for these, changed in place.

    Those that imports, keywords or builtins refer to stay, and all if the program could notice.

    Args:
        tree: of a whole module.
        names: for each old name a new one that nothing in the tree has.

    >>> ast.unparse(renamed(ast.parse("def f(x): return x"), {"f": "g"}))
    'def g(x):\n    return x'
    """
    if could_notice(tree):
        return tree
    fixed = _names_that_mean_something(tree)
    free = {old: new for old, new in names.items() if old not in fixed}
    return cast("ast.Module", _Rename(free).visit(tree))


_TELLING_NAMES = frozenset(
    {"locals", "globals", "vars", "dir", "eval", "exec", "getattr", "hasattr", "setattr", "help"}
)
_TELLING_MODULES = frozenset(
    {"ast", "dis", "gc", "importlib", "inspect", "operator", "sys", "traceback", "types", "typing"}
)
_TELLING_ATTRIBUTES = ("__", "co_", "f_", "gi_", "tb_")


def could_notice(tree: ast.Module) -> bool:
    """Whether names or docstrings could matter to what the program does."""
    return any(map(_is_telling, ast.walk(tree)))


def _is_telling(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name in _TELLING_NAMES or name.startswith("__")
        case ast.Attribute(attr=name):
            return name.startswith(_TELLING_ATTRIBUTES)
        case ast.Import(names=names):
            return any(alias.name.partition(".")[0] in _TELLING_MODULES for alias in names)
        case ast.ImportFrom(module=module, names=names):
            starred = any(alias.name == "*" for alias in names)
            return starred or (module or "").partition(".")[0] in _TELLING_MODULES
        case ast.keyword(arg=None):
            return True  # f(**names): the names are spelled elsewhere
        case ast.ExceptHandler(name=str()):
            return True  # the message of an exception may name a variable
        case ast.ClassDef() | ast.Match() | ast.Global() | ast.Nonlocal():
            return True  # names that are attributes, or stand in other places of the tree
    return False


_PLAIN_TYPES = frozenset({"int", "str", "float", "bool", "list", "dict", "tuple", "set", "object"})
_PLAIN_GENERICS = frozenset({"list", "dict", "tuple", "set"})


class _Strip(ast.NodeTransformer):
    """Takes out docstrings, and annotations whose evaluation cannot fail."""

    def visit(self, node: ast.AST) -> ast.AST | None:
        self.generic_visit(node)
        if isinstance(node, ast.arg) and _is_plain(node.annotation):
            node.annotation = None
        if isinstance(node, _FUNCTIONS) and _is_plain(node.returns):
            node.returns = None
        if isinstance(node, (*_FUNCTIONS, ast.Module)) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.AnnAssign) and _is_plain(node.annotation):
            return _assignment(node)
        return node


def _assignment(node: ast.AnnAssign) -> ast.stmt:
    """A plain assignment; without a value the annotation stays, as it makes a name local."""
    if node.value is None or not isinstance(node.target, ast.Name):
        return node
    return ast.Assign([node.target], node.value)


def _is_plain(annotation: ast.expr | None) -> bool:
    match annotation:
        case None | ast.Constant(value=None | str()):
            return True
        case ast.Name(id=name):
            return name in _PLAIN_TYPES
        case ast.Subscript(value=ast.Name(id=name), slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return name in _PLAIN_GENERICS and all(map(_is_plain, parts))
    return False


class _Rename(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit(self, node: ast.AST) -> ast.AST:
        for slot in ("id", "arg", "name"):
            old = getattr(node, slot, None)
            if isinstance(old, str) and not isinstance(node, (ast.alias, ast.keyword)):
                setattr(node, slot, self.names.get(old, old))
        return self.generic_visit(node)


def _names_that_mean_something(tree: ast.Module) -> frozenset[str]:
    """Names that other text refers to: builtins, imports, keywords of calls."""
    names = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return frozenset(names)


def _bound_names(tree: ast.Module) -> Iterator[str]:
    """The names the program binds, in the order of the syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, _FUNCTIONS):
            yield node.name
