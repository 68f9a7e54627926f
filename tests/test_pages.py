"""Every line of a documentation page that can be run gives what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PAGES = {
    str(path.relative_to(DOCS)): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")
}
SESSIONS = sorted(page for page, text in PAGES.items() if "```python\n>>> " in text)
ELSEWHERE = {"models.md", "local-models.md", "experiments.md"}
"""Their snippets ask a model, or fill a folder: `tests/models/test_pages.py` runs them."""


def test_no_page_is_left_out():
    """A page with Python in it is a session, or it is run with a model beside it."""
    pages = {page for page, text in PAGES.items() if "```python\n" in text}
    assert pages == {*SESSIONS, *ELSEWHERE}
    assert {"index.md", "method.md", "guarantees.md", "theory.md", "how-to/own-task.md"} < {
        *SESSIONS
    }


@pytest.mark.parametrize("page", SESSIONS)
def test_a_page_runs(page):
    """Its snippets are one session, in the order of the page."""
    found = re.findall(r"```python\n(.*?)```", PAGES[page], flags=re.DOTALL)
    assert all(block.startswith(">>> ") for block in found)
    session = doctest.DocTestParser().get_doctest("".join(found), {}, page, None, 0)
    assert len(session.examples) == sum(block.count(">>> ") for block in found)
    told: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=FLAGS).run(session, out=told.append)
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize("page", [*PAGES, "../README.md"])
def test_what_a_page_links_to_is_there(page):
    """Files, figures and headings."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)]+)\)", text):
        name, _, heading = target.partition("#")
        path = (DOCS / page).parent / name if name else DOCS / page
        if path.parent.name == "notebooks":  # made from a notebook when the site is built
            path = ROOT / "examples" / f"{path.stem}.ipynb"
        assert path.exists(), target
        assert not heading or heading in marks(path), target


def marks(path: Path) -> list[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
