"""Code as models write it, mended where it is no Python as it stands."""
# ruff: noqa: RUF001 - signs that look like Python's own are what is replaced here

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from textwrap import dedent

from llmerm.program import MAX_CHARACTERS

_TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "“”„‟«»＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛＇"), "'"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), ""),
    **dict.fromkeys(map(ord, "−–—‐‑"), "-"),
    **dict(zip(map(ord, "（），：；≤≥≠×→"), [*"(),:;", "<=", ">=", "!=", "*", "->"], strict=True)),
}
"""What word processors and chat windows put in the place of Python's own signs."""


TAB_SIZES = (4, 8)
"""How wide tabs may have been meant, in code that mixes them with spaces."""


def mended(text: str) -> Iterator[str]:
    r"""The code as it stands, then with one more repair each, as long as that changes it.

    >>> list(mended("    def f(x): return “a”"))
    ['def f(x): return “a”\n', 'def f(x): return "a"\n']
    """
    code = dedent(text.replace("\r\n", "\n").replace("\r", "\n").rstrip()).strip("\n") + "\n"
    yield code
    if len(code) > MAX_CHARACTERS:
        return
    for repair in _REPAIRS:
        repaired = repair(code)
        if repaired != code:
            code = repaired
            yield code
    if "\t" in code:
        yield from map(code.expandtabs, TAB_SIZES)


def _without_prompts(code: str) -> str:
    """The lines that were typed in an interactive session, without its prompts and answers."""
    if not code.startswith(">>>"):
        return code
    return "".join(line[4:] + "\n" for line in code.split("\n") if line.startswith((">>>", "...")))


def _without_quoting(code: str) -> str:
    lines = code.rstrip("\n").split("\n")
    if not all(line.startswith(">") or not line.strip() for line in lines):
        return code
    return dedent("".join(line[1:] + "\n" for line in lines))


def with_ascii_signs(code: str) -> str:
    """The code with Python's signs for those of word processors."""
    return code.translate(_TYPOGRAPHY)


def _unescaped(code: str) -> str:
    r"""Line breaks for each `\n` in code that is all in one line, as if it were in JSON."""
    if "\n" in code.rstrip("\n"):
        return code
    return re.sub(
        r"\\([nt\"'])", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), code
    )


_REPAIRS: tuple[Callable[[str], str], ...] = (
    _without_prompts,
    _without_quoting,
    with_ascii_signs,
    _unescaped,
    html.unescape,
)
