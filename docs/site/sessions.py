"""Interactive sessions in the pages get the highlighting of sessions, prompts and answers apart."""

from __future__ import annotations


def on_page_markdown(markdown: str, **_: object) -> str:
    """The page with each block that begins with a prompt marked as one; empty lines are empty."""
    sessions = markdown.replace("```python\n>>> ", "```pycon\n>>> ")
    return sessions.replace("\n<BLANKLINE>\n", "\n\n")
