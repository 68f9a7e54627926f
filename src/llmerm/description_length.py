"""The length of a syntax tree under a fixed prefix code, in bits."""

from __future__ import annotations

import ast

_ABSENT_BITS = 1.0  # every slot starts with a bit that says whether anything follows
_NODE_BITS = _ABSENT_BITS + 7.0  # Python's syntax has fewer than 128 kinds of node
_LEAF_BITS = _ABSENT_BITS + 3.0  # bool, int, float, complex, str, bytes, Ellipsis


def code_length(slot: object) -> float:
    """The length of a slot's prefix code; the slots of a node follow from its kind.

    A node costs 8 bits, a list and an integer an Elias gamma code, any other leaf its text at 8
    bits a byte; each leaf says of which type it is.

    Raises:
        RecursionError: if the tree is too deep to walk.

    >>> code_length(ast.parse("1").body[0].value)
    16.0
    """
    if slot is None:
        return _ABSENT_BITS
    if isinstance(slot, ast.AST):
        fields = (value for name, value in ast.iter_fields(slot) if name != "ctx")
        return _NODE_BITS + sum(map(code_length, fields))
    if isinstance(slot, list):
        return _gamma_bits(len(slot)) + sum(map(code_length, slot))
    if isinstance(slot, int):
        return _LEAF_BITS + _gamma_bits(2 * abs(slot) + (slot < 0))
    return _LEAF_BITS + text_length(str(slot))


def text_length(text: str) -> float:
    """The length of a text's code: its size in bytes, then each byte."""
    size = len(text.encode(errors="surrogatepass"))
    return _gamma_bits(size) + 8.0 * size


def _gamma_bits(count: int) -> float:
    """The length of the Elias gamma code of `count` + 1."""
    return 2.0 * (count + 1).bit_length() - 1.0
