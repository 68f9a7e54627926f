"""Pieces of a reply that may be code: mended, parsed, and the best of them chosen."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from llmerm.errors import ProgramError
from llmerm.program import Program, parse
from llmerm.proposers.mending import mended, without_demonstrations

EFFORT = 1_500_000
"""Characters parsed for one reply at most, so that no reply takes more than seconds to read."""
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

    @property
    def defined(self) -> set[str]:
        """The names that its top level binds."""
        return set(_bound(self.tree.body))

    @property
    def missing(self) -> set[str]:
        """The names that it uses and does not bind anywhere, builtins left out."""
        names = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name)]
        used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        bound = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
        arguments = {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}
        return used - bound - arguments - self.defined - set(dir(builtins))


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
        with_f = [i for i, block in enumerate(blocks) if block.name == "f"]
        others = [i for i, block in enumerate(blocks) if block.name not in (None, "f")]
        for index in [*reversed(with_f), *([] if self.only_f else reversed(others))]:
            source, missing = _joined(blocks, index)
            if missing and self.faults:
                continue  # a helper is among what could not be read
            if self._accepts(source):
                return source
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


def _bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names that statements bind: by definition, import or assignment."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.alias):
                yield (node.asname or node.name).partition(".")[0]
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _joined(blocks: Sequence[Block], index: int) -> tuple[str, set[str]]:
    """The source of one block after those that define what it misses, and what is missing yet."""
    missing, sources = blocks[index].missing, [blocks[index].source]
    for other in [*reversed(blocks[:index]), *blocks[index + 1 :]]:
        if other.defined & missing:
            sources.insert(0, other.source)
            missing = (missing | other.missing) - other.defined
    return "\n".join(sources), missing
