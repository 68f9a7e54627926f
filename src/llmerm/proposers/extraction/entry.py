"""What to call in code that has no f and not just one function."""

from __future__ import annotations

import ast

LAMBDA = "lambda"
"""What `callable_in` says of code that is one lambda without a name."""


def callable_in(tree: ast.Module) -> str | None:
    r"""An expression for what the code is to be called by, where only one thing can be meant.

    That is the function that no other one uses, a method of the only class, or a bare lambda.

    >>> callable_in(ast.parse("def g(x): return h(x)\ndef h(x): return 1"))
    'g'
    >>> callable_in(ast.parse("class Rule:\n    def apply(self, x): return 1"))
    'Rule().apply'
    """
    match [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]:
        case [ast.Expr(value=ast.Lambda())]:
            return LAMBDA if len(tree.body) == 1 else None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if not functions and len(classes) == 1:
        return _method(classes[0])
    return _root(functions)


def _root(functions: list[ast.FunctionDef]) -> str | None:
    """The one function that none of the others names, if there is one only."""
    used = {
        node.id
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id != function.name
    }
    roots = {function.name for function in functions} - used
    return roots.pop() if len(roots) == 1 else None


def _method(owner: ast.ClassDef) -> str | None:
    """A call of the class, with its method f, its only public one, or itself if it is callable."""
    methods = {node.name: node for node in owner.body if isinstance(node, ast.FunctionDef)}
    if "__init__" in methods and len(methods["__init__"].args.args) > 1:
        return None
    public = [name for name in methods if not name.startswith("_")]
    if "f" in public or len(public) == 1:
        return f"{owner.name}().{'f' if 'f' in public else public[0]}"
    return f"{owner.name}()" if "__call__" in methods else None
