"""The runnable lines of a docstring are shown as code: they stand in no section of their own."""

from __future__ import annotations

import re
from typing import Any

import griffe

SESSION = re.compile(r"^>>> .*(?:\n.+)*", flags=re.MULTILINE)


def fenced(text: str) -> str:
    """The text with each session, up to the next empty line, in a block of code.

    >>> print(fenced("The sum.\\n\\n>>> 1 + 1\\n2"))
    The sum.
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    """
    return SESSION.sub(lambda session: f"```pycon\n{session[0]}\n```", text)


class Doctests(griffe.Extension):
    """Puts the sessions of every docstring into blocks."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Changes the docstring that was read, not the source."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
