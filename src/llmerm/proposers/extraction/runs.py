"""Lines of a reply that are Python although nothing says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llmerm.errors import ProgramError
from llmerm.proposers.extraction.mending import TAB_SIZES, with_ascii_signs
from llmerm.proposers.extraction.reader import Block, Reader

MAX_RUN = 20_000
"""Characters of a run at most."""
TRIES = 6
"""How often a run is shortened until it is Python."""

_START = re.compile(
    r"[ \t]*(?:(?:async )?def \w+ ?\(|class \w+[ (:]|@\w|import \w|from \w+[\w.]* import "
    r"|\w+(?: ?:[^=]+)? ?= ?)"
)
_FUNCTION = re.compile(r"[ \t]*(?:async )?def ")
_OPEN = re.compile(r"[(\[{@:\\]|\"\"\"|'''")
_TAGS = re.compile(r"</?(?:code|pre|python|answer|solution|tool_call)\b[^>\n]{0,100}>")
_MARKS = re.compile(r"^(?:>>> ?|\.\.\. ?|> ?)", re.MULTILINE)


def runs(text: str, reader: Reader) -> list[Block]:
    r"""The runs of lines that are Python, each as long as it can be.

    >>> text = "Sure:\n\nimport re\ndef f(x):\n    return 1\n\nThis is it."
    >>> [block.source for block in runs(text, Reader())]
    ['import re\ndef f(x):\n    return 1\n']
    """
    blocks: list[Block] = []
    for version in dict.fromkeys(_versions(_TAGS.sub("\n", text))):
        blocks = _runs(version.split("\n"), reader)
        if any(block.name is not None for block in blocks):
            break
    return blocks


def _versions(text: str) -> Iterator[str]:
    """The text as it stands, then mended."""
    yield text
    yield _MARKS.sub("", text)
    yield with_ascii_signs(text)
    yield from map(text.expandtabs, TAB_SIZES)


def _runs(lines: list[str], reader: Reader) -> list[Block]:
    blocks, at = [], 0
    while at < len(lines) and reader.left > 0:
        block, taken = _run(lines, at, reader) if _may_start(lines[at], reader) else (None, 1)
        if block is not None:
            blocks.append(block)
        at += taken
    return blocks


def _may_start(line: str, reader: Reader) -> bool:
    """Whether a run may begin with this line; a line of prose is told for little effort."""
    if not _START.match(line):
        return False
    if _OPEN.search(line):
        return True
    return _tree_or_error(line.strip(), reader) is None


def _run(lines: list[str], start: int, reader: Reader) -> tuple[Block | None, int]:
    """The block that begins at a line, if any, and how many lines it takes."""
    chunk = _reach(lines, start)
    first: ProgramError | None = None
    for _ in range(TRIES):
        error = _tree_or_error("\n".join(chunk), reader)
        if error is None:
            return reader.block("\n".join(chunk), meant=False), len(chunk)
        first = first or error
        chunk = chunk[: _statement_before(chunk, _faulty_line(error))]
        if not chunk:
            break
    if first is not None and _FUNCTION.match(lines[start]):
        reader.faults.append(first)
    return None, 1


def _tree_or_error(source: str, reader: Reader) -> ProgramError | None:
    try:
        reader.tree(source)
    except ProgramError as error:
        return error
    return None


def _reach(lines: list[str], start: int) -> list[str]:
    """The lines from here on that are indented as much as the first one, without that indent."""
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    chunk: list[str] = []
    size = 0
    for line in lines[start:]:
        size += len(line) + 1
        if size > MAX_RUN or (line.strip() and not line.startswith(indent)):
            break
        chunk.append(line.removeprefix(indent))
    return chunk


def _faulty_line(error: ProgramError) -> int:
    cause = error.__cause__
    return (cause.lineno or 1) if isinstance(cause, SyntaxError) else 1


def _statement_before(chunk: list[str], line: int) -> int:
    """The index at which the statement begins that a line, counted from 1, is part of."""
    at = min(line, len(chunk)) - 1
    while at > 0 and (not chunk[at].strip() or chunk[at][0] in " \t)]}"):
        at -= 1
    return max(at, 0)
