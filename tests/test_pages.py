"""Every line of a documentation page that can be run gives what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("controls.md", 2),
        ("embedded-search.md", 4),
        ("guarantees.md", 7),
        ("scale.md", 1),
        ("scikit-learn.md", 3),
        ("take-away.md", 5),
        ("theory.md", 9),
        ("version-space.md", 3),
    ],
)
def test_a_page_runs(page, blocks):
    """Its snippets are one session, in the order of the page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(found) == blocks
    assert all(block.startswith(">>> ") for block in found)
    session = doctest.DocTestParser().get_doctest("".join(found), {}, page, None, 0)
    assert len(session.examples) == sum(block.count(">>> ") for block in found)
    told: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=FLAGS).run(session, out=told.append)
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize(
    "page",
    [
        "command-line.md",
        "controls.md",
        "embedded-search.md",
        "guarantees.md",
        "models.md",
        "scale.md",
        "scikit-learn.md",
        "take-away.md",
        "theory.md",
        "version-space.md",
    ],
)
def test_what_a_page_links_to_is_there(page):
    """Files, figures and headings."""
    for target in re.findall(r"\]\((?!http)([^)]+)\)", (DOCS / page).read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        text = (DOCS / (name or page)).read_text(encoding="utf-8")
        titles = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
        marks = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
        assert not heading or heading in marks
