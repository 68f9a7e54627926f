"""Pieces of a reply that may be code: mended, parsed, and the best of them chosen."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from llmerm.errors import ProgramError
from llmerm.program import Program, parse
from llmerm.proposers.extraction.bindings import at_the_top, missing
from llmerm.proposers.extraction.mending import (
    mended,
    without_demonstrations,
    without_strange_calls,
)

EFFORT = 1_500_000
"""Characters parsed for one reply at most, so that no reply takes more than seconds to read."""
MOST_BLOCKS = 100
"""Of more blocks the last ones are looked at."""
_PER_PIECE = 200  # what a piece costs beside its characters


@dataclass(frozen=True)
class Block:
    """A piece of a reply that is Python.

    Attributes:
        source: its text.
        tree: its syntax tree.
        name: the function to call, or None where it has none.
    """

    source: str
    tree: ast.Module
    name: str | None


@dataclass
class Reader:
    """Reads pieces of one reply, with an effort that is bounded.

    Attributes:
        only_f: whether the function must be called f: the reply said so, or it was cut off.
        faults: why pieces that were meant as code are none.
        left: the characters that may still be parsed.
    """

    only_f: bool = False
    faults: list[ProgramError] = field(default_factory=list)
    left: int = EFFORT

    def block(self, text: str, *, meant: bool = True) -> Block | None:
        """The piece as a block, mended if it must be, or None.

        Args:
            text: the piece.
            meant: whether the reply says that this is code, so that a fault in it is worth telling.
        """
        if self.left < 0:
            return None
        fault: ProgramError | None = None
        for source in mended(text):
            try:
                tree = self.tree(source)
            except ProgramError as error:
                fault = fault or error
            else:
                return self._noted(_block(source, tree), meant)
        if meant and fault is not None and fault.reason != "empty":
            self.faults.append(fault)
        return None

    def _noted(self, block: Block, meant: bool) -> Block:
        if meant and block.name is None:
            self.faults.append(
                ProgramError("no_function", "the code defines no function. Expected f(x).")
            )
        return block

    def tree(self, source: str) -> ast.Module:
        """The syntax tree, as long as there is effort left.

        Raises:
            ProgramError: if the source is no Python, or nothing is left.
        """
        self.left -= len(source) + _PER_PIECE
        if self.left < 0:
            raise ProgramError("too_long", "the reply has more that looks like code than is read.")
        return parse(source)

    def chosen(self, blocks: Sequence[Block]) -> str | None:
        """The source of the last block that defines f, else a function, with what it uses."""
        blocks = blocks[-MOST_BLOCKS:]
        with_f = [i for i, block in enumerate(blocks) if block.name == "f"]
        others = [i for i, block in enumerate(blocks) if block.name not in (None, "f")]
        for index in [*reversed(with_f), *([] if self.only_f else reversed(others))]:
            source, unknown = _joined(blocks, index)
            if unknown and any(fault.reason == "syntax_error" for fault in self.faults):
                continue  # a helper is among what could not be read
            if self._accepts(source):
                return without_strange_calls(source, parse(source))
        return None

    def _accepts(self, source: str) -> bool:
        try:
            Program(source)
        except ProgramError as error:
            self.faults.append(error)
            return False
        return True


def _block(source: str, tree: ast.Module) -> Block:
    """The block without demonstrations; of several functions, the one no other uses is called."""
    try:
        name = Program(source).name
    except ProgramError:
        root = _root(tree)
        if root is None:
            return Block(without_demonstrations(source, tree, ""), tree, None)
        source, name = f"{source}\nf = {root}\n", root
    return Block(without_demonstrations(source, tree, name), tree, name)


def _root(tree: ast.Module) -> str | None:
    """The one function at the top that none of the others names, if there is one only."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    used = {
        node.id
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id != function.name
    }
    roots = {function.name for function in functions} - used
    return roots.pop() if len(roots) == 1 else None


def _joined(blocks: Sequence[Block], index: int) -> tuple[str, set[str]]:
    """The source of one block after those that define what it misses, and what is missing yet."""
    sought, sources = missing(blocks[index].tree), [blocks[index].source]
    for other in [*reversed(blocks[:index]), *blocks[index + 1 :]]:
        if not sought:
            break
        defined = at_the_top(other.tree)
        if defined & sought:
            sources.insert(0, other.source)
            sought = (sought | missing(other.tree)) - defined
    return _with_future_first(sources), sought


_FUTURE = re.compile(r"^from __future__ import [\w, ]+\n", re.MULTILINE)


def _with_future_first(sources: Sequence[str]) -> str:
    """The sources in one, with their imports of the future at the top, where they must be."""
    if len(sources) == 1:
        return sources[0]
    imports = dict.fromkeys(line for source in sources for line in _FUTURE.findall(source))
    return "".join(imports) + "\n".join(_FUTURE.sub("", source) for source in sources)
