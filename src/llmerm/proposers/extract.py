"""From a model's reply to the source of a program, or to the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable

from llmerm.errors import ProgramError
from llmerm.proposers.extraction.blocks import fenced, in_json, in_line, is_cut
from llmerm.proposers.extraction.reader import Block, Reader
from llmerm.proposers.extraction.runs import runs
from llmerm.proposers.model import Reply
from llmerm.sandbox.text import clean
from llmerm.typing import Failed, Reason

MAX_READ = 1_000_000
"""Of a longer reply the first and the last half as many characters are read."""

_WAYS: tuple[Callable[[str, Reader], list[Block]], ...] = (in_json, fenced, runs, in_line)
_DEFINES_F = re.compile(r"\bdef\s+f\s*\(")
_THOUGHT = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)


def read(reply: Reply) -> str | Failed:
    r"""The source of the program in a reply, or why there is none. Nothing of it is run.

    It looks for JSON with the key "code", then for fenced blocks, then for lines that are Python,
    then for code inside a line; the last of a kind that defines `f` wins, with the helpers that it
    uses from other blocks. Thoughts in <think> tags are left out, and so are demonstrations:
    top-level calls of `print` and of the function itself, and a `__main__` part.

    Returns:
        A source that `Program` accepts, or `Failed` with "refused", "empty", "truncated",
        "no_code", "syntax_error", "no_function" or "too_long".

    >>> read(Reply('{"code": "def f(x):\\n    return x[0]"}'))
    'def f(x):\n    return x[0]\n'
    >>> read(Reply("I do not know.")).reason
    'no_code'
    """
    if reply.stop == "refusal":
        return Failed("refused", clean(reply.text))
    text = _visible(reply.text)
    if not text.strip():
        return Failed("truncated" if reply.stop == "length" else "empty")
    reader = Reader(says_f=bool(_DEFINES_F.search(text)))
    for way in _WAYS:
        open_ended = reply.stop == "length" and way in (runs, in_line)
        source = reader.chosen(way(text, reader), only_f=open_ended)
        if source is not None:
            return source
    return _why(reply, text, reader.faults)


def _visible(text: str) -> str:
    """The reply without thoughts, with plain line ends, cut to what is read."""
    if len(text) > MAX_READ:
        text = text[: MAX_READ // 2] + "\n" + text[-MAX_READ // 2 :]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_thoughts(text)


def _without_thoughts(text: str) -> str:
    r"""What stands outside of <think> tags; a tag that misses its partner reaches to the end.

    >>> _without_thoughts("a</think>b<think>c</think>d<think>e")
    'bd'
    """
    marks = list(_THOUGHT.finditer(text))
    if not marks:
        return text
    kept, since, outside = [], 0, not marks[0][1]
    for mark in marks:
        if outside:
            kept.append(text[since : mark.start()])
        since, outside = mark.end(), bool(mark[1])
    return "".join([*kept, text[since:] * outside])


_FAULTS: tuple[Reason, ...] = ("too_long", "no_function", "syntax_error")


def _why(reply: Reply, text: str, faults: list[ProgramError]) -> Failed:
    """The reason that says most: a cut, then what was wrong with what looked like code."""
    if reply.stop == "length":
        return Failed("truncated", "the reply reached its limit of tokens before a program ended")
    if is_cut(text):
        return Failed("truncated", "the reply ends inside the JSON string that holds the code")
    for reason in _FAULTS:
        for fault in reversed(faults):
            if fault.reason == reason:
                return Failed(reason, clean(str(fault)))
    return Failed("no_code", f"the reply begins: {clean(text.strip())}")
