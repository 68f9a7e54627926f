"""Where replies carry code: in JSON, in fenced blocks, inside a line."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from llmerm.errors import ProgramError
from llmerm.proposers.extraction.reader import Block, Reader

MOST_KEYS = 50
"""In a reply with more keys named "code", the last ones are read."""

_KEY = re.compile(r"""["'](?:code|program|source|function)["']\s*:\s*""", re.IGNORECASE)
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_PYTHON_STRING = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'", re.DOTALL)
_END = re.compile(r'"\s*+(?:\}|,\s*+"\w++"\s*+:)')
_NO_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_FENCE = re.compile(r"```+|^~~~+", re.MULTILINE)
_TAG = re.compile(
    r"[ \t]*\{?\.?(?:(?:ipython|python3?|py3?|pycon)(?![\w.=(\[])[:}]?"
    r"|(?:json|te?xt|plaintext|output|code|console)[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE = re.compile(r"`([^`\n]++)`|\b(def f\(.*|f = lambda .*)")

_decoder = json.JSONDecoder(strict=False)  # line breaks in strings are a common fault


def in_json(text: str, reader: Reader) -> list[Block]:
    r"""What stands under the key "code" of a JSON object, wherever it is in the text.

    >>> [block.name for block in in_json('So: {"code": "def f(x): return 1",}', Reader())]
    ['f']
    """
    text = _unwrapped(text)
    keys = list(_KEY.finditer(text))[-MOST_KEYS:]
    found = [_under(text, key.end(), reader) for key in reversed(keys)]
    return [block for blocks in reversed(found) for block in blocks]


def is_cut(text: str) -> bool:
    """Whether the text ends inside the last JSON string that holds code."""
    keys = list(_KEY.finditer(text))
    end = keys[-1].end() if keys else len(text)
    return text[end : end + 1] == '"' and not _STRING.match(text, end)


def fenced(text: str, reader: Reader) -> list[Block]:
    r"""The blocks between fences; what stands between two blocks is tried, too.

    So a fence that is missing, or one inside a docstring, does no harm.

    >>> [block.source for block in fenced("Hi\n```python\ndef f(x): return 1\n```", Reader())]
    ['def f(x): return 1\n']
    """
    pieces = list(enumerate(_FENCE.split(text)))[1:]
    found = [reader.block(_untagged(piece), meant=i % 2 == 1) for i, piece in reversed(pieces)]
    return [block for block in reversed(found) if block is not None]


def in_line(text: str, reader: Reader) -> list[Block]:
    """Code inside a line: between backticks, or from `def f(` or `f = lambda` on.

    >>> [block.name for block in in_line("Use `f = lambda x: 1` here.", Reader())]
    ['f']
    """
    spans = [match[1] or match[2] for match in _INLINE.finditer(text)]
    found = [
        reader.block(span, meant=False) for span in spans if "def " in span or "lambda" in span
    ]
    return [block for block in found if block is not None and block.name is not None]


def _unwrapped(text: str) -> str:
    """The text, or what it says if it is one JSON string."""
    whole = text.strip()
    if _STRING.fullmatch(whole):
        decoded = _decoded(whole, 0)
        return decoded if isinstance(decoded, str) else text
    return text


def _under(text: str, start: int, reader: Reader) -> list[Block]:
    """The blocks in the value that starts here, in the first reading of it that has any."""
    for count, piece in enumerate(_readings(text, start, reader)):
        has_fences = bool(_FENCE.search(piece))
        block = reader.block(piece, meant=count == 0 and not has_fences)
        blocks = [] if block is None else [block]
        if has_fences and not blocks:
            blocks = fenced(piece, reader)
        if blocks:
            return blocks
    return []


def _readings(text: str, start: int, reader: Reader) -> Iterator[str]:
    """What the value that starts here may be, the likeliest reading first."""
    literal = _PYTHON_STRING.match(text, start)
    if literal:
        yield literal[0].strip("'\"")
        yield from _literal(literal[0], reader)
    else:
        yield from _json_value(text, start)
        yield from _unescaped_quotes(text, start)


def _json_value(text: str, start: int) -> Iterator[str]:
    string = _STRING.match(text, start)
    value = _decoded(string[0], 0) if string else _decoded(text, start)
    if value is None and string:
        value = _decoded(_NO_ESCAPE.sub(r"\\\\", string[0]), 0)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    if isinstance(value, str):
        yield value


def _decoded(text: str, start: int) -> object:
    try:
        value: object = _decoder.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None
    return value


def _unescaped_quotes(text: str, start: int) -> Iterator[str]:
    """A JSON string in which the quotes of the code were not escaped."""
    end = _END.search(text, start + 1)
    if text[start : start + 1] == '"' and end:
        inside = re.sub(r'(?<!\\)"', r'\\"', text[start + 1 : end.start()])
        yield from _json_value(f'"{inside}"', 0)


def _literal(text: str, reader: Reader) -> Iterator[str]:
    """What a string literal of Python says."""
    try:
        (statement,) = reader.tree(text).body
    except (ProgramError, ValueError):
        return
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        yield str(statement.value.value)


def _untagged(piece: str) -> str:
    """What stands between two fences, without the name of the language."""
    tag = _TAG.match(piece)
    return piece[tag.end() :] if tag else piece
