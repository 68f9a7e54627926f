"""Pieces of a reply that may be code: mended, parsed, and the best of them chosen."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from llmerm.errors import ProgramError
from llmerm.program import Program, parse
from llmerm.proposers.extraction.bindings import at_the_top, missing
from llmerm.proposers.extraction.demonstrations import (
    without_demonstrations,
    without_strange_calls,
)
from llmerm.proposers.extraction.entry import LAMBDA, callable_in
from llmerm.proposers.extraction.mending import mended

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
        entry: what f must be bound to first, where `name` is an expression for it.
    """

    source: str
    tree: ast.Module
    name: str | None
    entry: str | None = None

    @property
    def program(self) -> str:
        """The source, with f bound to what is to be called."""
        if self.entry is None:
            return self.source
        return (
            f"f = {self.source}" if self.entry == LAMBDA else f"{self.source}\nf = {self.entry}\n"
        )


@dataclass
class Reader:
    """Reads pieces of one reply, with an effort that is bounded.

    Attributes:
        says_f: whether the reply defines an f somewhere, be it in code that is broken.
        faults: why pieces that were meant as code are none.
        left: the characters that may still be parsed.
    """

    says_f: bool = False
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

    def chosen(self, blocks: Sequence[Block], *, only_f: bool = False) -> str | None:
        """The source of the last block that defines f, else a function, with what it uses.

        Where some code was broken, what is left of it is no program: it must not miss a name, nor
        be a helper of the f that was lost.

        Args:
            blocks: in the order of the reply.
            only_f: whether nothing but an f is wanted.
        """
        broken = any(fault.reason == "syntax_error" for fault in self.faults)
        blocks = blocks[-MOST_BLOCKS:]
        for index in _by_rank(blocks, only_f=only_f or (broken and self.says_f)):
            source, unknown = _joined(blocks, index)
            if not (unknown and broken) and self._accepts(source):
                return without_strange_calls(source, parse(source))
        return None

    def _accepts(self, source: str) -> bool:
        try:
            Program(source)
        except ProgramError as error:
            self.faults.append(error)
            return False
        return True


def _by_rank(blocks: Sequence[Block], *, only_f: bool) -> list[int]:
    """The indices of blocks that can be called: f, then a method f, then others; the last first."""
    ranked = [(_rank(block), -index) for index, block in enumerate(blocks) if block.name]
    return [-index for rank, index in sorted(ranked) if rank < 2 or not only_f]


def _rank(block: Block) -> int:
    name = block.name or ""
    return 0 if name == "f" else 1 if name.endswith(".f") else 2


def _block(source: str, tree: ast.Module) -> Block:
    """The block without demonstrations."""
    try:
        name, entry = Program(source).name, None
    except ProgramError:
        name, entry = "", callable_in(tree)
    plain = without_demonstrations(source, tree, name or entry or "")
    return Block(plain, tree, name or entry, entry)


def _joined(blocks: Sequence[Block], index: int) -> tuple[str, set[str]]:
    """The source of one block after those that define what it misses, and what is missing yet."""
    sought, sources = missing(blocks[index].tree), [blocks[index].program]
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
